from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        # tell “Việc của tôi” what waits, the papers which forms this app knows
        from reports import tasks_waiting  # noqa: F401
        from reports.exports import word  # noqa: F401
