from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Công nhận"

    def ready(self) -> None:
        from recognition import tasks_waiting, timeline  # noqa: F401  tell the history and “Việc của tôi” what they know
