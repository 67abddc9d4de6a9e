from django.apps import AppConfig


class ModelsRegistryConfig(AppConfig):
    name = "models_registry"
    verbose_name = "Mô hình và đăng ký"

    def ready(self) -> None:
        from models_registry import tasks, tasks_waiting  # noqa: F401  registers the kinds of background work, and of tasks
