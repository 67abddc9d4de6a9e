from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        # tell the papers which forms this app knows
        from reports.exports import word  # noqa: F401
