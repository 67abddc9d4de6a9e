import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("papers", "0001_initial"), ("papers", "0002_form_records")]

    initial = True

    dependencies = [
        ("organisation", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letterheads",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "suffix",
                    models.CharField(
                        help_text="Phần sau dấu gạch chéo: BDVTU, HU, ThU, TU.", max_length=20, verbose_name="ký hiệu cơ quan"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="dùng từ ngày")),
                (
                    "layout",
                    models.CharField(
                        choices=[("party", "Văn bản của Đảng"), ("state", "Văn bản của cơ quan nhà nước (Nghị định 30/2020)")],
                        default="party",
                        max_length=5,
                        verbose_name="thể thức",
                    ),
                ),
                ("body_name", models.CharField(max_length=150, verbose_name="tên cơ quan trên giấy")),
                ("superior_name", models.CharField(blank=True, max_length=150, verbose_name="tên cơ quan cấp trên trên giấy")),
                ("place", models.CharField(help_text="Trước ngày tháng: Bình Thuận.", max_length=80, verbose_name="địa danh")),
                (
                    "authority",
                    models.CharField(
                        blank=True,
                        help_text="T/M BAN THƯỜNG VỤ; để trống nếu ký trực tiếp.",
                        max_length=120,
                        verbose_name="thẩm quyền ký",
                    ),
                ),
                ("signer_title", models.CharField(max_length=120, verbose_name="chức vụ người ký")),
                ("signer_name", models.CharField(max_length=100, verbose_name="người ký")),
                (
                    "term",
                    models.CharField(
                        blank=True,
                        help_text="Số văn bản của Đảng chạy theo nhiệm kỳ: 2020-2025.",
                        max_length=20,
                        verbose_name="nhiệm kỳ",
                    ),
                ),
                ("recipients", models.TextField(blank=True, help_text="Mỗi dòng một nơi.", verbose_name="nơi nhận")),
                (
                    "spelling",
                    models.CharField(
                        choices=[("ủy", "ủy"), ("uỷ", "uỷ")], default="ủy", max_length=2, verbose_name="viết ủy hay uỷ"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "thể thức giấy tờ",
                "verbose_name_plural": "thể thức giấy tờ",
                "ordering": ["unit", "suffix", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "suffix", "valid_from"), name="letterhead_once"),
                    models.CheckConstraint(
                        condition=models.Q(("layout", "state"), models.Q(("term", ""), _negated=True), _connector="OR"),
                        name="party_numbers_by_term",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_numbers",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("suffix", models.CharField(max_length=20, verbose_name="ký hiệu cơ quan")),
                (
                    "symbol",
                    models.CharField(
                        choices=[
                            ("QĐ", "Quyết định"),
                            ("TTr", "Tờ trình"),
                            ("BB", "Biên bản"),
                            ("BC", "Báo cáo"),
                            ("CV", "Công văn"),
                            ("TB", "Thông báo"),
                            ("GCN", "Giấy công nhận"),
                        ],
                        max_length=5,
                        verbose_name="loại giấy tờ",
                    ),
                ),
                ("term", models.CharField(max_length=20, verbose_name="nhiệm kỳ hoặc năm")),
                ("number", models.PositiveIntegerField(verbose_name="số")),
                ("dated_on", models.DateField(verbose_name="ngày")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="trích yếu")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("given_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "số đã cấp",
                "verbose_name_plural": "số đã cấp",
                "ordering": ["unit", "symbol", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "suffix", "symbol", "term", "number"), name="paper_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="paper_number_counts_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_templates",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("form", models.SlugField(max_length=40, verbose_name="mẫu")),
                ("file", models.FileField(upload_to="templates/%Y/")),
                ("file_name", models.CharField(max_length=255)),
                ("placeholders", models.JSONField(default=list)),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="lúc có bản thay")),
            ],
            options={
                "verbose_name": "mẫu Word",
                "verbose_name_plural": "mẫu Word",
                "ordering": ["form", "-sent_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)), fields=("unit", "form"), name="one_template_in_force"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="form_records",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("form", models.SlugField(blank=True, max_length=40, verbose_name="giấy tờ của cổng")),
                ("number", models.CharField(max_length=60, verbose_name="ký hiệu mẫu")),
                ("title", models.CharField(max_length=200, verbose_name="tên mẫu")),
                ("issuer", models.CharField(max_length=150, verbose_name="cơ quan ban hành")),
                ("document", models.CharField(max_length=200, verbose_name="theo văn bản")),
                ("valid_from", models.DateField(verbose_name="dùng từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="dùng đến hết ngày")),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="papers.formrecord",
                        verbose_name="thay bằng",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "mẫu biểu",
                "verbose_name_plural": "mẫu biểu",
                "ordering": ["form", "-valid_from", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "number", "document"), name="form_record_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None), models.Q(("form", ""), _negated=True)),
                        fields=("unit", "form"),
                        name="one_form_record_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="form_record_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaced_by", None), models.Q(("valid_to", None), _negated=True), _connector="OR"),
                        name="a_form_in_force_is_not_replaced",
                    ),
                ],
            },
        ),
    ]
