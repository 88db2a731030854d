from django.apps import AppConfig

# As a module: its own AdminConfig, imported by name, would be taken for this app's.
from django.contrib.admin import apps as admin_apps


class AllianceConfig(AppConfig):
    name = "alliance"
    default = True
    verbose_name = "Alliance"


class SecretariatAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site: nobody enters it without a second factor."""

    default = False
    default_site = "alliance.admin_site.SecretariatSite"
