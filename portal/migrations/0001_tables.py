import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("portal", "0001_portal_texts")]

    initial = True

    dependencies = [
        ("common", "0001_tables"),
        ("models_registry", "0001_tables"),
        ("organisation", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortalText",
            fields=[
                (
                    "key",
                    models.CharField(
                        choices=[("giay-phep", "Giấy phép dữ liệu mở")],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="chỗ",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        help_text="Viết chữ thường; **đậm**, *nghiêng*, - gạch đầu dòng, [chữ](địa chỉ).", verbose_name="nội dung"
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="sửa lúc")),
            ],
            options={
                "verbose_name": "chữ trên cổng",
                "verbose_name_plural": "chữ trên cổng",
            },
        ),
        migrations.CreateModel(
            name="Story",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="địa chỉ")),
                (
                    "kind",
                    models.CharField(
                        choices=[("tin", "Tin"), ("chuyen", "Câu chuyện"), ("huong-dan", "Hướng dẫn")],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="tên bài")),
                ("summary", models.CharField(max_length=400, verbose_name="tóm tắt")),
                ("body", models.TextField(verbose_name="nội dung")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="ngày đăng")),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "about",
                    models.ManyToManyField(
                        blank=True, related_name="stories", to="models_registry.emulationmodel", verbose_name="mô hình"
                    ),
                ),
            ],
            options={
                "verbose_name": "bài viết",
                "verbose_name_plural": "bài viết",
                "ordering": ["-published_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["tin", "chuyen", "huong-dan"])), name="story_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="story_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=300, verbose_name="trang")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sai", "Thông tin sai"),
                            ("anh", "Gỡ ảnh"),
                            ("ca-nhan", "Gỡ thông tin cá nhân"),
                            ("khac", "Việc khác"),
                        ],
                        max_length=10,
                        verbose_name="việc",
                    ),
                ),
                ("words", models.TextField(verbose_name="nội dung")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="người gửi")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="liên hệ")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="gửi lúc")),
                (
                    "state",
                    models.CharField(
                        choices=[("moi", "Chờ trả lời"), ("da-sua", "Đã sửa, đã gỡ"), ("khong", "Không sửa")],
                        default="moi",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="trả lời")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="trả lời lúc")),
                ("code", models.CharField(max_length=24, unique=True, verbose_name="mã tra cứu")),
            ],
            options={
                "verbose_name": "yêu cầu sửa, gỡ",
                "verbose_name_plural": "yêu cầu sửa, gỡ",
                "ordering": ["-sent_at", "-pk"],
                "indexes": [models.Index(fields=["state", "-sent_at"], name="request_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["moi", "da-sua", "khong"])), name="request_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "moi")),
                            models.Q(
                                models.Q(("state", "moi"), _negated=True),
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="request_answered_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_contact",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("office", models.CharField(max_length=150, verbose_name="bộ phận hoặc người trả lời")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="số điện thoại")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="thư điện tử")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="địa chỉ")),
                ("is_person", models.BooleanField(default=False, verbose_name="là số, thư riêng của một người")),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="người ấy đồng ý ngày")),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "liên hệ công khai",
                "verbose_name_plural": "liên hệ công khai",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("office", ""), _negated=True),
                            models.Q(
                                models.Q(("phone", ""), _negated=True),
                                models.Q(("email", ""), _negated=True),
                                models.Q(("address", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="contact_leads_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_on__isnull", True), ("is_person", False)),
                            models.Q(("agreed_on__isnull", False), ("is_person", True)),
                            _connector="OR",
                        ),
                        name="contact_of_person_agreed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booklet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="booklet", to="models_registry.season"
                    ),
                ),
                ("file", models.FileField(blank=True, upload_to="so-tay")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="số mô hình")),
                ("size", models.PositiveIntegerField(default=0, verbose_name="số byte")),
                ("made_at", models.DateTimeField(null=True, verbose_name="lập lúc")),
                (
                    "job",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="common.job"),
                ),
            ],
            options={
                "verbose_name": "sổ tay",
                "verbose_name_plural": "sổ tay",
            },
        ),
    ]
