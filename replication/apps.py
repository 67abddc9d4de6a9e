from django.apps import AppConfig


class ReplicationConfig(AppConfig):
    name = "replication"
    verbose_name = "Nhân rộng"

    def ready(self) -> None:
        # tell “Việc của tôi”, the papers and the joining of models what this app knows
        from replication import tasks_waiting  # noqa: F401
        from replication.exports import campaigns  # noqa: F401
        from replication.services import joins  # noqa: F401
