from typing import Any

from django.apps import AppConfig

# As a module: its own AdminConfig, imported by name, would be taken for this app's.
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register

from alliance.checks import trail_is_append_only
from alliance.plain_words import speak_plainly


class AllianceConfig(AppConfig):
    name = "alliance"
    default = True
    verbose_name = "Alliance"

    def __init__(self, app_name: str, app_module: Any) -> None:
        super().__init__(app_name, app_module)
        # Fields take their sentences when they are made: so before any form is imported.
        speak_plainly()

    def ready(self) -> None:
        register(trail_is_append_only, Tags.database, deploy=True)


class SecretariatAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site: nobody enters it without a second factor."""

    default = False
    default_site = "alliance.admin_site.SecretariatSite"
