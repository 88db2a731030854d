from typing import Any

from django.apps import AppConfig
from django.conf import settings

# As a module: its own AdminConfig, imported by name, would be taken for this app's.
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from alliance.checks import counters_stay, trail_is_append_only
from alliance.local import pseudo
from alliance.plain_words import speak_plainly


class AllianceConfig(AppConfig):
    name = "alliance"
    default = True
    verbose_name = _("Alliance")

    def __init__(self, app_name: str, app_module: Any) -> None:
        super().__init__(app_name, app_module)
        if settings.PSEUDO_LANGUAGE:
            pseudo.speak(settings.PSEUDO_LANGUAGE)
        # Fields take their sentences when they are made: so before any form is imported.
        speak_plainly()

    def ready(self) -> None:
        for check in (trail_is_append_only, counters_stay):
            register(check, Tags.database, deploy=True)


class SecretariatAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site: nobody enters it without a second factor."""

    default = False
    default_site = "alliance.admin_site.SecretariatSite"
