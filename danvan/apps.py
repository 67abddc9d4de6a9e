from django.contrib.admin.apps import AdminConfig


class HouseAdminConfig(AdminConfig):
    default_site = "organisation.admin_site.HouseAdminSite"
