"""A page that looks a name up in the sanctions list by hand."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from organizations.admin.entry_facts import facts_of, years
from organizations.forms.list_search import ListSearchForm
from organizations.models import Hit
from organizations.people import signed_in
from organizations.permissions import is_reviewer
from organizations.screening.lookup import Found, look_up


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The entries whose names are like the one asked for, what weighs most first."""
    if not is_reviewer(signed_in(request)):
        raise PermissionDenied
    form = ListSearchForm(request.GET if request.GET else None)
    is_asked = form.is_valid()
    lookup = look_up(**form.asked()) if is_asked else None
    context = {
        **admin.site.each_context(request),
        "opts": Hit._meta,
        "title": _("Search the sanctions list"),
        "form": form,
        "is_asked": is_asked,
        "lookup": lookup,
        "rows": [_row(found) for found in lookup.found] if lookup else [],
    }
    return render(request, "admin/organizations/hit/search.html", context)


def _row(found: Found) -> dict[str, Any]:
    """One entry in words."""
    match, entry = found.match, found.entry
    return {
        "entry": entry,
        "listed_name": match.name,
        "band": Hit.Band(match.band).label,
        "method": Hit.Method(match.method).label,
        "score": match.score,
        "born": years(entry),
        "facts": facts_of(entry),
        "verdicts": {name: verdict.value for name, verdict in found.verdicts.items()},
    }
