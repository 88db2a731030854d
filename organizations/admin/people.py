"""People in the admin: the secretariat's accounts and roles, looked after by administrators."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.fields import TextField
from alliance.mail_errors import explain
from alliance.models import UndeliverableAddress
from organizations.actions import people as actions
from organizations.admin.acts import ActingAdmin
from organizations.groups import ROLES
from organizations.login.proof import ask_for_proof, is_proof_recent
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import can_manage_people, is_administrator


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role, role) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class InviteStaffForm(RolesForm):
    """A colleague of the secretariat; the password is theirs to choose."""

    email = forms.EmailField(label=_("Email address"), max_length=254)
    first_name = TextField(label=_("First Name"), max_length=150)
    last_name = TextField(label=_("Last Name"), max_length=150)
    field_order = ["email", "first_name", "last_name", "roles"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].required = True


class WorksForFilter(admin.SimpleListFilter):
    title = _("works for")
    parameter_name = "works_for"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [("secretariat", _("The secretariat")), ("organization", _("An organization"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        match self.value():
            case "secretariat":
                return queryset.filter(is_staff=True)
            case "organization":
                return queryset.filter(memberships__isnull=False)
        return queryset


def _set_roles(person: User, by: User, request: HttpRequest) -> None:
    form = RolesForm(request.POST)
    if not form.is_valid():
        raise ActionRefused(_("Choose from the roles that are shown."))
    actions.set_roles(person, by=by, roles=form.cleaned_data["roles"])


class PersonAdmin(ActingAdmin):
    """Every change is an act with its event; the fields themselves are only read."""

    change_form_template = "admin/organizations/user/person.html"
    list_display = ("email", "full_name", "role_names", "is_active", "has_factor", "last_login")
    list_filter = (WorksForFilter, "is_active", "groups")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    fields = ("email", "full_name", "role_names", "is_active", "has_factor", "date_joined", "mail")
    readonly_fields = fields
    needs_proof = True
    acts = {
        "roles": (_set_roles, _("The roles are set. Their person has been logged out.")),
        "deactivate": (
            lambda person, by, request: actions.deactivate(person, by=by),
            _("The account is closed."),
        ),
        "activate": (
            lambda person, by, request: actions.activate(person, by=by),
            _("The account is open again."),
        ),
        "reset_second_factor": (
            lambda person, by, request: actions.reset_second_factor(person, by=by),
            _("The second factor is taken off. Their person has been told by mail."),
        ),
        "invite_again": (
            lambda person, by, request: actions.resend_staff_invitation(person, by=by),
            _("The invitation is sent again."),
        ),
    }

    def may_enter(self, user: User) -> bool:
        return is_administrator(user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(
            user=OuterRef("pk"), type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        )
        people = super().get_queryset(request).filter(erased_at=None)
        return people.annotate(factor=Exists(factors)).prefetch_related("groups")

    @admin.display(description=_("Name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description=_("Roles"))
    def role_names(self, person: User) -> str:
        return ", ".join(sorted(group.name for group in person.groups.all())) or "–"

    @admin.display(description=_("Mail"))
    def mail(self, person: User) -> str:
        """Whether mail reaches this person, as far as we know."""
        lost = UndeliverableAddress.objects.of(person.email)
        return explain(lost.reason) if lost else gettext("Nothing has come back.")

    @admin.display(description=_("Second factor"), boolean=True)
    def has_factor(self, person: User) -> bool:
        return bool(getattr(person, "factor", False))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invite a colleague, in place of Django's form with its password."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if not is_proof_recent(request):
            return ask_for_proof(request)
        form = InviteStaffForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                person = actions.invite_staff(by=signed_in(request), **form.cleaned_data)
            except ActionRefused as refused:
                form.add_error("email", str(refused))
            else:
                messages.success(request, _("The invitation is on its way."))
                return redirect("admin:organizations_user_change", person.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invite a colleague"),
            "form": form,
        }
        return render(request, "admin/organizations/user/invite.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        person = self.get_object(request, object_id)
        context: dict[str, Any] = {"title": person or ""}
        if person is not None:
            held = [group.name for group in person.groups.all()]
            context |= {
                "may_manage": can_manage_people(signed_in(request), person),
                "roles_form": RolesForm(initial={"roles": held}),
                "is_invited": person.is_staff and not person.has_usable_password(),
                "has_factor": self.has_factor(person),
            }
        return super().change_view(request, object_id, form_url, context)
