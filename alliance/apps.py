from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AllianceConfig(AppConfig):
    name = "alliance"
    default = True
    verbose_name = "Alliance"


class SecretariatAdminConfig(AdminConfig):
    """Django's admin with our site: nobody enters it without a second factor."""

    default = False
    default_site = "alliance.admin_site.SecretariatSite"
