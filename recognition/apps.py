from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Công nhận"

    def ready(self) -> None:
        # tell the history, “Việc của tôi”, the background, the papers and the accounts what they know
        from recognition import tasks, tasks_waiting, timeline  # noqa: F401
        from recognition.exports import decision_forms  # noqa: F401
        from recognition.selectors import council  # noqa: F401
