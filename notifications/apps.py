from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Tin báo"

    def ready(self) -> None:
        from notifications import receivers, tasks  # noqa: F401  listens; registers the kinds of background work
