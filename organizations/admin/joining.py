"""What the secretariat settles: registrations that may be the same, requests that nobody answers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.fields import TextField
from organizations.actions import joining as actions
from organizations.admin.acts import ActingAdmin
from organizations.duplicates import Reason, registered
from organizations.forms.members import RoleForm
from organizations.models import JoinRequest, Membership, Organization, PossibleDuplicate, User
from organizations.people import signed_in
from organizations.permissions import can_settle_registrations


class _StatusFilter(admin.SimpleListFilter):
    """What waits, unless asked for all."""

    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [("all", _("All, settled ones too"))]

    def choices(self, changelist: Any) -> Any:
        """As Django's, but nothing chosen is what waits for us."""
        first, *others = super().choices(changelist)
        return [{**first, "display": _("Waiting for us")}, *others]


class _SettlingAdmin(ActingAdmin):
    def may_enter(self, user: User) -> bool:
        return can_settle_registrations(user)


class OpenDuplicates(_StatusFilter):
    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PossibleDuplicate]
    ) -> QuerySet[PossibleDuplicate]:
        return queryset if self.value() else queryset.filter(status="open")


class PossibleDuplicateAdmin(_SettlingAdmin):
    """Neither of the two organizations learns that they were compared."""

    change_form_template = "admin/organizations/possibleduplicate/settle.html"
    list_display = ("newer", "older", "because", "found_at", "status")
    list_filter = (OpenDuplicates,)
    list_select_related = ("newer", "older")
    search_fields = ("newer__name", "older__name")
    fields = (
        "because",
        "newer_facts",
        "older_facts",
        "found_at",
        "status",
        "decided_at",
        "decided_by",
    )
    readonly_fields = fields
    acts = {
        "keep_apart": (
            lambda pair, by, request: actions.keep_apart(pair, by=by),
            _("They stay two institutions."),
        ),
        "make_request": (
            lambda pair, by, request: actions.turn_into_request(pair, by=by),
            _("The owners of the earlier registration are asked to let the newcomer in."),
        ),
    }

    @admin.display(description=_("Alike by"))
    def because(self, pair: PossibleDuplicate) -> str:
        labels = dict(Reason.choices)
        return ", ".join(str(labels.get(code, code)) for code in pair.reasons)

    @admin.display(description=_("Newer registration"))
    def newer_facts(self, pair: PossibleDuplicate) -> SafeString:
        return _facts(pair.newer)

    @admin.display(description=_("Earlier registration"))
    def older_facts(self, pair: PossibleDuplicate) -> SafeString:
        return _facts(pair.older)


def _facts(organization: Organization) -> SafeString:
    people = [f"{row.user} ({row.user.email})" for row in _members(organization)]
    lines = [
        organization.name,
        organization.place,
        organization.website,
        organization.registration_number,
        *people,
    ]
    return format_html_join("", "{}<br>", ((line,) for line in lines if line))


def _members(organization: Organization) -> QuerySet[Membership]:
    return organization.memberships.select_related("user")


class WaitingRequests(_StatusFilter):
    def queryset(
        self, request: HttpRequest, queryset: QuerySet[JoinRequest]
    ) -> QuerySet[JoinRequest]:
        waiting = JoinRequest.objects.for_staff().values("pk")
        return queryset if self.value() else queryset.filter(pk__in=waiting)


class OrganizationForm(forms.Form):
    """Which organization was meant, by its name as registered."""

    name = TextField(label=_("Name of institution / organization"), max_length=300)

    def clean_name(self) -> Organization:
        found = list(registered().filter(name__iexact=self.cleaned_data["name"])[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("Not one registered organization has exactly this name."))
        return found[0]


def _accept(row: JoinRequest, by: User, request: HttpRequest) -> None:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise ActionRefused(_("Choose one of the three roles."))
    actions.accept_request(row, by=by, role=form.cleaned_data["role"])


def _point(row: JoinRequest, by: User, request: HttpRequest) -> None:
    form = OrganizationForm(request.POST)
    if not form.is_valid():
        raise ActionRefused(str(form.errors["name"][0]))
    actions.point_request(row, by=by, organization=form.cleaned_data["name"])


class JoinRequestAdmin(_SettlingAdmin):
    change_form_template = "admin/organizations/joinrequest/answer.html"
    list_display = ("user", "typed_name", "organization", "asked_at", "status")
    list_filter = (WaitingRequests,)
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "typed_name", "organization__name")
    fields = (
        "person",
        "typed_name",
        "organization",
        "leaves",
        "function",
        "message",
        "asked_at",
        "status",
        "decided_at",
        "decided_by",
    )
    readonly_fields = fields
    acts = {
        "accept": (_accept, _("The person is let in.")),
        "decline": (
            lambda row, by, request: actions.decline_request(row, by=by),
            _("The request is declined."),
        ),
        "point": (_point, _("The owners of this organization are asked.")),
    }

    @admin.display(description=_("Person"))
    def person(self, row: JoinRequest) -> SafeString:
        return format_html("{} &lt;{}&gt;", row.user, row.user.email)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if row is not None:
            context = {
                "may_answer": row.status == "open" and actions.may_answer(row, signed_in(request)),
                "roles": Membership.Role.choices,
                "organization_form": OrganizationForm(),
            }
        return super().change_view(request, object_id, form_url, context)
