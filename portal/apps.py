from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Trang công khai"

    def ready(self) -> None:
        from portal import tasks_waiting  # noqa: F401  tells “Việc của tôi” what waits
