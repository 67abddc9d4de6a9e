from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = "Tổ chức"

    def ready(self) -> None:
        from organisation import receivers  # noqa: F401  listens to what allauth tells
