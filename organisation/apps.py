from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = "Tổ chức"

    def ready(self) -> None:
        autodiscover_modules("audit_actions")  # the words of all apps
        from organisation import receivers  # noqa: F401  listens to what allauth tells
