import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.triggers import Refuse

_CONFIRMED = "EXISTS (SELECT 1 FROM models_registry_repeat r WHERE r.registration_id = NEW.id AND r.state = 'confirmed')"
_IN_REGISTER = (
    "EXISTS (SELECT 1 FROM models_registry_registration r WHERE r.id = NEW.registration_id AND r.registered_on IS NOT NULL)"
)


class Migration(migrations.Migration):
    """What was sent twice in a season counts once: the one that was set aside stands in no register."""

    dependencies = [
        ("models_registry", "0009_handovers_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="registerimport",
            name="answers",
            field=models.JSONField(null=True, verbose_name="đã trả lời"),
        ),
        migrations.CreateModel(
            name="Repeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("equal", "cùng tên, cùng người làm, chưa chắc là một"),
                            ("suffix", "cùng tên, thêm phần như “giai đoạn 2”"),
                            ("doer", "cùng tên, người làm khác"),
                            ("wording", "cùng người làm, tên viết khác"),
                            ("place", "cùng tên, cùng người làm, nơi khác hoặc chưa rõ"),
                        ],
                        max_length=10,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("auto", "Cổng nối"),
                            ("confirmed", "Cán bộ nối"),
                            ("open", "Chờ xác nhận"),
                            ("refused", "Không phải mô hình nào được gợi ý"),
                            ("none", "Không thấy trong các năm trước"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                ("decided_at", models.DateTimeField(null=True, verbose_name="lúc quyết định")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="models_registry.registration"
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="repeats", to="models_registry.registration"
                    ),
                ),
            ],
            options={
                "verbose_name": "đăng ký gửi hai lần",
                "verbose_name_plural": "đăng ký gửi hai lần",
                "ordering": ["-score", "earlier"],
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "earlier"), name="repeat_asked_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")), fields=("registration",), name="one_repeat_is_set_aside"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("earlier", models.F("registration")), _negated=True), name="repeat_not_itself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "confirmed", "refused"])), name="repeat_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ("confirmed", "refused")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("confirmed", "refused")), _negated=True),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="repeat_decided_by_someone",
                    ),
                ],
            },
        ),
        Refuse(
            "models_registry_registration",
            "counted_once",
            "UPDATE OF registered_on",
            when=f"NEW.registered_on IS NOT NULL AND OLD.registered_on IS NULL AND {_CONFIRMED}",
            message="a registration that was sent twice counts once",
        ),
        Refuse(
            "models_registry_repeat",
            "set_aside",
            "UPDATE OF state",
            when=f"NEW.state = 'confirmed' AND {_IN_REGISTER}",
            message="a registration that was sent twice counts once",
        ),
        Refuse(
            "models_registry_repeat",
            "asked_first",
            "INSERT",
            when="NEW.state <> 'open'",
            message="a registration that may be sent twice is asked about first",
        ),
    ]
