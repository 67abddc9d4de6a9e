from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Công nhận"

    def ready(self) -> None:
        from recognition import timeline  # noqa: F401  tells the history what it knows
