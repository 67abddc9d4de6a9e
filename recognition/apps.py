from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Công nhận"

    def ready(self) -> None:
        # tell the history, “Việc của tôi”, the background, papers, accounts and remembered readings what they know
        from recognition import tasks, tasks_waiting, timeline  # noqa: F401
        from recognition.exports import decision_forms  # noqa: F401
        from recognition.selectors import council, outcome_lists  # noqa: F401
