"""`manage.py prepare`: what a version needs in production before it may answer.

Each step may run again at any time, also while an earlier version is in service.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

# What the portal shows that nobody typed: each command may run at every start, and changes
# only what is not yet there.
LOADERS = {
    "load_reference_data": "Loading vocabularies and countries",
    "load_roles": "Making the roles of the secretariat",
    "load_letters": "Loading the usual letters",
    "load_catalogue": "Loading the library",
}
# Pages for what the web server in front answers when the portal cannot, or is not asked.
ERROR_PAGES = ("413.html", "503.html")


class Command(BaseCommand):
    help = "Bring tables, contents and static files up to date for this version."
    requires_system_checks: list[str] = []  # `check` below does more

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("check", deploy=True, databases=["default"])
        for command, what in LOADERS.items():
            self.stdout.write(what)
            call_command(command, verbosity=0)
        self.stdout.write("Collecting style sheets, scripts and pictures")
        call_command("collectstatic", interactive=False, verbosity=0)
        write_error_pages()


def write_error_pages() -> None:
    """Draw them as files, after `collectstatic`: they name style sheets as those are called now."""
    folder = settings.ALLIANCE_DATA / "errors"
    folder.mkdir(exist_ok=True)
    for name in ERROR_PAGES:
        new = folder / f".{name}.new"
        new.write_text(render_to_string(name), encoding="utf-8")
        new.replace(folder / name)
