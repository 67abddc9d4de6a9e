from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Công nhận"

    def ready(self) -> None:
        # tell the history and “Việc của tôi” what they know, and the papers which forms there are
        from recognition import tasks_waiting, timeline  # noqa: F401
        from recognition.exports import forms  # noqa: F401
