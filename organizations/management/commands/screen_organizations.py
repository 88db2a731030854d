"""`manage.py screen_organizations`: compares names with the sanctions list, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organizations.models import Organization, SanctionsSnapshot, ScreeningRun
from organizations.screening.runs import screen_due, screen_organization


class Command(BaseCommand):
    help = "Screen the organizations that are due; with --all or numbers, those that are not too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", nargs="*", type=int, help="Numbers of organizations.")
        parser.add_argument("--all", action="store_true", help="All of them, due or not.")

    def handle(self, *, organization: list[int], **options: Any) -> None:
        if SanctionsSnapshot.objects.current() is None:
            raise CommandError("There is no list yet: manage.py import_sanctions_list first.")
        chosen = Organization.objects.filter(closed_at=None)
        if organization:
            chosen = chosen.filter(pk__in=organization)
            if missing := set(organization) - set(chosen.values_list("pk", flat=True)):
                raise CommandError(f"There is no open organization {min(missing)}.")
        if organization or options["all"]:
            runs = [screen_organization(row) for row in chosen.iterator()]
        else:
            runs = screen_due()
        self._say(runs)

    def _say(self, runs: list[ScreeningRun]) -> None:
        names, new = sum(run.names for run in runs), sum(run.new for run in runs)
        self.stdout.write(f"Screened {len(runs)} organizations, {names} names: {new} new hits")
