"""The trail in the admin: in words, with its person and its subject linked."""

from datetime import date
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.models import Event

_Events = QuerySet[Event]


class EventNameFilter(admin.SimpleListFilter):
    title = _("what happened")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = Event.objects.order_by("name").values_list("name", flat=True).distinct()
        return [(name, in_words(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: _Events) -> _Events:
        return queryset.filter(name=self.value()) if self.value() else queryset


class EventAdmin(admin.ModelAdmin[Event]):
    """The trail, newest first; nobody adds, changes or deletes here."""

    list_display = ("at", "what", "person", "subject", "internal")
    list_filter = (EventNameFilter, "at", "internal")
    search_fields = ("name",)
    search_help_text = _("A person’s email address, a day such as 2026-11-22, a number, or a word.")
    fields = ("at", "what", "name", "person", "subject", "internal", "data")
    readonly_fields = fields
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> _Events:
        """With the address of each actor who is still there, whom no foreign key leads to."""
        people = get_user_model()._default_manager.filter(pk=OuterRef("actor_id"))
        return super().get_queryset(request).annotate(actor_email=Subquery(people.values("email")))

    def get_search_results(
        self, request: HttpRequest, queryset: _Events, search_term: str
    ) -> tuple[_Events, bool]:
        """Each word of the search narrows: a person, a day, the number of a subject, or a name."""
        for word in search_term.split():
            queryset = queryset.filter(_meant(word))
        return queryset, False

    @admin.display(description=_("what happened"), ordering="name")
    def what(self, event: Event) -> str:
        return in_words(event.name)

    @admin.display(description=_("who"))
    def person(self, event: Event) -> str:
        if event.actor_id is None:
            return gettext("the portal")
        email = getattr(event, "actor_email", None)
        if email is None:
            return gettext("somebody who has left (%d)") % event.actor_id
        return _linked(get_user_model(), event.actor_id, email)

    @admin.display(description=_("about"))
    def subject(self, event: Event) -> str:
        try:
            model = apps.get_model(event.subject_type)
        except (LookupError, ValueError):
            return f"{event.subject_type} {event.subject_id}"
        return _linked(model, event.subject_id, f"{model._meta.verbose_name} {event.subject_id}")


def in_words(name: str) -> str:
    """`submission.review_started` as `Submission: review started`."""
    about, _dot, happened = name.partition(".")
    words = f"{about}: {happened}" if happened else about
    return words.replace("_", " ").capitalize()


def _meant(word: str) -> Q:
    if "@" in word:
        people = get_user_model()._default_manager.filter(email__iexact=word)
        return Q(actor_id__in=people.values("pk"))
    if word.isascii() and word.isdigit():
        return Q(subject_id=word)
    try:
        return Q(at__date=date.fromisoformat(word))
    except ValueError:
        return Q(name__icontains=word)


def _linked(model: type[Model], pk: int, words: str) -> str:
    """The words, as a link to the row's page where the admin has one."""
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    try:
        return format_html('<a href="{}">{}</a>', reverse(page, args=[pk]), words)
    except NoReverseMatch:
        return words
