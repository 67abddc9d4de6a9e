from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "organisation.admin_site.HouseAdminSite"

    def ready(self) -> None:
        super().ready()
        from danvan import checks

        assert checks  # registers itself
