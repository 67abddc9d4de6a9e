import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("notifications", "0001_initial")]

    initial = True

    dependencies = [("organisation", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
                ("event_key", models.CharField(max_length=120)),
                ("subject", models.CharField(max_length=300, verbose_name="tin")),
                ("body", models.TextField(blank=True, verbose_name="nội dung")),
                ("link", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="lúc báo")),
                ("read_at", models.DateTimeField(null=True, verbose_name="lúc đọc")),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("none", "Không gửi thư"),
                            ("waiting", "Chờ gửi"),
                            ("digest", "Chờ thư tổng hợp"),
                            ("sent", "Đã gửi thư"),
                            ("failed", "Không gửi được"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="thư",
                    ),
                ),
                ("mail_attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "tin báo",
                "verbose_name_plural": "tin báo",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["recipient", "-created_at"], name="message_by_person"),
                    models.Index(condition=models.Q(("mail__in", ["waiting", "digest"])), fields=["mail"], name="message_mail"),
                    models.Index(condition=models.Q(("read_at__isnull", True)), fields=["recipient"], name="message_unread"),
                ],
                "constraints": [models.UniqueConstraint(fields=("recipient", "event_key"), name="message_once")],
            },
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mail_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("each", "Mỗi tin một thư"),
                            ("daily", "Một thư tổng hợp mỗi ngày, lúc 7 giờ"),
                            ("none", "Không gửi thư, chỉ báo trong cổng"),
                        ],
                        default="each",
                        max_length=10,
                        verbose_name="nhận thư",
                    ),
                ),
            ],
            options={
                "verbose_name": "cách nhận thư",
                "verbose_name_plural": "cách nhận thư",
            },
        ),
    ]
