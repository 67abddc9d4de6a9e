from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Tin báo"

    def ready(self) -> None:
        from notifications import tasks  # noqa: F401  registers the kinds of background work
