import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("organisation", "0001_initial")]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Level",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=100, verbose_name="tên nhóm đơn vị")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        help_text="Càng lên cao càng lớn; hai cấp ngang nhau cùng một bậc.", verbose_name="bậc"
                    ),
                ),
                (
                    "honour_name",
                    models.CharField(help_text="Ví dụ: Cấp huyện, Cấp tỉnh.", max_length=60, verbose_name="tên mức công nhận"),
                ),
                ("honour_slug", models.SlugField(max_length=30, verbose_name="mã mức công nhận trên địa chỉ")),
                (
                    "gathers_registers",
                    models.BooleanField(
                        default=False,
                        help_text="Các đơn vị trực thuộc cấp này báo cáo lên cấp này.",
                        verbose_name="nhận sổ đăng ký",
                    ),
                ),
            ],
            options={
                "verbose_name": "cấp",
                "verbose_name_plural": "cấp",
                "ordering": ["-rank", "key"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True, verbose_name="mã")),
                (
                    "position",
                    models.PositiveIntegerField(default=0, help_text="Thứ tự chính thức trong danh sách.", verbose_name="thứ tự"),
                ),
            ],
            options={
                "verbose_name": "đơn vị",
                "verbose_name_plural": "đơn vị",
                "ordering": ["position", "key"],
            },
        ),
        migrations.CreateModel(
            name="UnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="địa bàn")),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.level", verbose_name="cấp"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_versions",
                        to="organisation.unit",
                        verbose_name="đơn vị cấp trên",
                    ),
                ),
                ("official_code", models.CharField(blank=True, max_length=10, verbose_name="mã hành chính")),
                ("latitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="vĩ độ")),
                ("longitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="kinh độ")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến trước ngày")),
            ],
            options={
                "verbose_name": "thông tin đơn vị theo thời gian",
                "verbose_name_plural": "thông tin đơn vị theo thời gian",
                "ordering": ["unit__position", models.OrderBy(models.F("valid_from"), nulls_first=True)],
                "indexes": [models.Index(fields=["parent", "valid_from", "valid_to"], name="unit_version_children")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "valid_from"), name="unit_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_from__isnull", True)), fields=("unit",), name="unit_version_first_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="unit_version_ends_after_start",
                        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True), models.Q(("parent", models.F("unit")), _negated=True), _connector="OR"
                        ),
                        name="unit_version_not_own_parent",
                        violation_error_message="Một đơn vị không thể là cấp trên của chính nó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="organisation.unit",
                        verbose_name="đơn vị trước",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origins",
                        to="organisation.unit",
                        verbose_name="đơn vị kế tục",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="từ ngày")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rename", "Đổi tên"), ("merge", "Sáp nhập"), ("split", "Chia tách")],
                        max_length=10,
                        verbose_name="hình thức",
                    ),
                ),
            ],
            options={
                "verbose_name": "kế tục đơn vị",
                "verbose_name_plural": "kế tục đơn vị",
                "ordering": ["effective_on", "predecessor__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="succession_not_to_itself",
                        violation_error_message="Một đơn vị không thể kế tục chính nó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("full_name", models.CharField(blank=True, max_length=100, verbose_name="họ và tên")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "tài khoản",
                "verbose_name_plural": "tài khoản",
                "ordering": ["username"],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("can-bo-co-so", "Cán bộ cơ sở"),
                            ("chuyen-vien-huyen", "Chuyên viên huyện"),
                            ("lanh-dao-huyen", "Lãnh đạo huyện"),
                            ("chuyen-vien-tinh", "Chuyên viên tỉnh"),
                            ("thanh-vien-hoi-dong", "Thành viên hội đồng"),
                            ("lanh-dao-ban", "Lãnh đạo Ban"),
                            ("quan-tri", "Quản trị"),
                        ],
                        max_length=30,
                        verbose_name="vai trò",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
            ],
            options={
                "verbose_name": "vai trò của tài khoản",
                "verbose_name_plural": "vai trò của tài khoản",
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="membership_ends_after_start",
                        violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "can-bo-co-so",
                                    "chuyen-vien-huyen",
                                    "chuyen-vien-tinh",
                                    "lanh-dao-ban",
                                    "lanh-dao-huyen",
                                    "quan-tri",
                                    "thanh-vien-hoi-dong",
                                ],
                            )
                        ),
                        name="membership_known_role",
                    ),
                    models.UniqueConstraint(fields=("user", "role", "unit", "starts_on"), name="membership_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="lúc")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người làm",
                    ),
                ),
                ("actor_name", models.CharField(max_length=150, verbose_name="tên người làm")),
                ("action", models.CharField(max_length=60, verbose_name="việc")),
                ("target_type", models.CharField(max_length=60, verbose_name="loại")),
                ("target_id", models.CharField(max_length=60, verbose_name="mã")),
                ("target_name", models.CharField(max_length=300, verbose_name="đối tượng")),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="lý do, ghi chú")),
                ("changes", models.JSONField(default=dict, verbose_name="thay đổi")),
            ],
            options={
                "verbose_name": "nhật ký",
                "verbose_name_plural": "nhật ký",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["target_type", "target_id", "-at"], name="audit_target"),
                    models.Index(fields=["unit", "-at"], name="audit_unit"),
                    models.Index(fields=["-at"], name="audit_at"),
                ],
            },
        ),
    ]
