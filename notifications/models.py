from django.conf import settings
from django.db import models

from common.addresses import stored_address


class Message(models.Model):
    """A message to one person about one event: stored with the event itself, sent by mail after the commit.

    `event_key` names the event; there is one message a person and event, however often it is told.
    """

    class Mail(models.TextChoices):
        NONE = "none", "Không gửi thư"
        WAITING = "waiting", "Chờ gửi"
        DIGEST = "digest", "Chờ thư tổng hợp"
        SENT = "sent", "Đã gửi thư"
        FAILED = "failed", "Không gửi được"

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", verbose_name="người nhận")
    event_key = models.CharField(max_length=120)
    subject = models.CharField("tin", max_length=300)
    body = models.TextField("nội dung", blank=True)
    link = models.CharField(max_length=300, blank=True)
    """The page that it is about, as `PageLink.stored`; a path, where the message is older than that."""
    created_at = models.DateTimeField("lúc báo", auto_now_add=True)
    read_at = models.DateTimeField("lúc đọc", null=True)
    mail = models.CharField("thư", max_length=10, choices=Mail.choices, default=Mail.NONE)
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "tin báo"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(name="message_once", fields=["recipient", "event_key"])]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="message_by_person"),
            models.Index(fields=["mail"], name="message_mail", condition=models.Q(mail__in=["waiting", "digest"])),
            models.Index(fields=["recipient"], name="message_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """Where it leads; '' where it leads nowhere, or its page is gone."""
        return stored_address(self.link)


class MailChoice(models.Model):
    """What a person wants by mail. Nothing chosen: a mail for each message, where the account has an address."""

    class How(models.TextChoices):
        EACH = "each", "Mỗi tin một thư"
        DAILY = "daily", "Một thư tổng hợp mỗi ngày, lúc 7 giờ"
        NONE = "none", "Không gửi thư, chỉ báo trong cổng"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_choice")
    how = models.CharField("nhận thư", max_length=10, choices=How.choices, default=How.EACH)

    class Meta:
        verbose_name = verbose_name_plural = "cách nhận thư"

    def __str__(self) -> str:
        return self.get_how_display()
