from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = "Giấy tờ"

    def ready(self) -> None:
        from papers import checks  # noqa: F401  registers them
