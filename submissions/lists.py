"""The lists of the secretariat as rows to take along: filtered, ordered and shown as on the page.

A list is that of the admin, asked as its page asks it: whoever may not see a row there does not
find it here.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, cast

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils.text import capfirst

from organizations.models import User
from organizations.models.conflict import closed_organizations
from organizations.permissions import roles_of
from submissions.models import ListExport

_OURS = ("alliance", "organizations", "knowledge", "submissions")
# How the page is cut and marked says nothing of which rows there are.
_OF_THE_PAGE = (PAGE_VAR, ALL_VAR, ERROR_FLAG)
_CHECKBOX = "action_checkbox"
# What a column shows of a row: by the name of a field or method, or by a function.
_Column = str | Callable[[Any], Any]
_AT_ONCE = 1000  # rows held in memory


class NoSuchList(LookupError):
    """There is no such list, it is not for this person, or its filters make no sense."""


@dataclass(frozen=True)
class Listing:
    """One list with its filters, as one person sees it."""

    heading: list[str]
    total: int
    _changelist: ChangeList
    _columns: list[_Column]

    def rows(self) -> Iterator[list[Any]]:
        """The cells of each row, in the order of the page; some hundred rows are held at once."""
        read = partial(_cell, model_admin=self._changelist.model_admin)
        for row in self._pieces():
            yield [read(name, row) for name in self._columns]

    def _pieces(self) -> Iterator[Any]:
        """Which rows, and their order, is asked once; what has gone since is left out."""
        queryset = self._changelist.queryset
        numbers = list(queryset.values_list("pk", flat=True))
        for first in range(0, len(numbers), _AT_ONCE):
            piece = numbers[first : first + _AT_ONCE]
            found = {row.pk: row for row in queryset.filter(pk__in=piece)}
            yield from (found[number] for number in piece if number in found)


def listing(label: str, query: str, *, person: User) -> Listing:
    """The list of the model called `label`, as in "submissions.submission"; raises NoSuchList."""
    model_admin = _model_admin(label)
    request = _request(model_admin, query, person)
    is_at_work = person.is_active and person.is_staff
    if not is_at_work or not model_admin.has_view_permission(request):
        raise NoSuchList(label)
    try:
        found = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters as error:
        raise NoSuchList(label) from error
    columns: list[_Column] = [name for name in found.list_display if name != _CHECKBOX]
    return Listing(
        heading=[_heading(name, model_admin) for name in columns],
        total=found.queryset.count(),
        _changelist=found,
        _columns=columns,
    )


def reach_of(person: User) -> str:
    """Stands for which rows this person finds in lists: their roles, and what is closed to them.

    32 hexadecimal digits. A file that was made with another reach may hold what is no longer theirs.
    """
    said = [sorted(roles_of(person)), sorted(closed_organizations(person))]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


def can_be_taken_out(label: str) -> bool:
    """Whether there is an export of the list; there is none of the list of exports itself."""
    try:
        _model_admin(label)
    except NoSuchList:
        return False
    return True


def title_of(label: str) -> str:
    """The list's name for people."""
    return capfirst(str(_model_admin(label).opts.verbose_name_plural))


def address_of(label: str, query: str) -> str:
    """Where the list stands with these filters."""
    opts = _model_admin(label).opts
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{address}?{query}" if query else address


def _model_admin(label: str) -> ModelAdmin[Any]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise NoSuchList(label) from None
    is_ours = model._meta.app_label in _OURS and model is not ListExport
    if not is_ours or not admin.site.is_registered(model):
        raise NoSuchList(label)
    return admin.site.get_model_admin(model)


def _request(model_admin: ModelAdmin[Any], query: str, person: User) -> HttpRequest:
    """The page of the list, as if the person asked for it."""
    request = HttpRequest()
    request.method = "GET"
    request.path = address_of(model_admin.opts.label_lower, "")
    request.resolver_match = resolve(request.path)
    asked = QueryDict(query, mutable=True)
    for name in _OF_THE_PAGE:
        asked.pop(name, None)
    request.GET = cast(Any, asked)  # the stubs know the frozen kind alone
    request.user = person
    return request


def _heading(name: _Column, model_admin: ModelAdmin[Any]) -> str:
    return capfirst(str(label_for_field(name, model_admin.model, model_admin)))


def _cell(name: _Column, row: models.Model, *, model_admin: ModelAdmin[Any]) -> Any:
    """What the list shows of a row in this column; choices in words."""
    try:
        field, _attribute, value = lookup_field(name, row, model_admin)
    except (FieldDoesNotExist, ObjectDoesNotExist):
        return ""
    if field is not None and getattr(field, "choices", None):
        return getattr(row, f"get_{field.name}_display")()
    return value
