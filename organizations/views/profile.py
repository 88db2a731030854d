from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance import unsent
from alliance.exceptions import ActionRefused
from alliance.files.uploads import accepts_files
from alliance.unsent import keeps_typed
from organizations.actions.registration import ProfileChanged, change_profile
from organizations.actions.renaming import rename
from organizations.completeness import checklist
from organizations.due_diligence.explanations import explain
from organizations.due_diligence.rules import current_cycle
from organizations.forms.profile import ProfileForm, RenameForm
from organizations.forms.registration import LOGO_MAX_BYTES
from organizations.models import JoinRequest, Membership, Organization, RelatedName
from organizations.people import signed_in
from organizations.permissions import can_edit_profile, can_rename, can_say_listing, member_of


@require_safe
def organization(request: HttpRequest) -> HttpResponse:
    """The member's organization: profile, members, due diligence."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        asked = JoinRequest.objects.open().filter(user=user).first()
        return render(request, "organizations/none.html", {"asked": asked})
    own = membership.organization
    cycle = current_cycle(own)
    context = {
        "organization": own,
        "membership": membership,
        "members": Membership.objects.filter(organization=own).select_related("user"),
        "related": related_names(own),
        "documents": own.documents.all(),
        "checklist": checklist(own),
        "cycle": cycle,
        "question": cycle.questions.open().first() if cycle else None,
        "explanation": explain(cycle),
        "may_edit": can_edit_profile(user, own),
        "may_rename": can_rename(user, own),
        "may_say_listing": can_say_listing(user, own),
        "waiting": JoinRequest.objects.open().filter(organization=own).count(),
    }
    return render(request, "organizations/profile.html", context)


def related_names(organization: Organization) -> list[tuple[str, list[str]]]:
    """The kinds of names that an organization has given, each with its names."""
    names: dict[str, list[str]] = defaultdict(list)
    for row in organization.related_names.all():
        names[row.kind].append(row.name)
    return [
        (str(label), names[kind]) for kind, label in RelatedName.Kind.choices if names.get(kind)
    ]


@accepts_files(logo=LOGO_MAX_BYTES)
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def edit_organization(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    membership = member_of(user)
    if membership is None or not can_edit_profile(user, membership.organization):
        raise PermissionDenied
    own = membership.organization
    if request.method == "POST":
        form = ProfileForm(request.POST, request.FILES, organization=own)
        if form.is_valid():
            try:
                change_profile(
                    own, by=user, profile=form.profile, seen=form.cleaned_data["version"]
                )
            except ProfileChanged as newer:
                form.show_conflict(newer.current)
                form.add_error(None, str(newer))
            except ActionRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The profile is saved."))
                return redirect("organization")
    else:
        form = ProfileForm(unsent.bring_back(request), organization=own)
    return render(request, "organizations/profile_edit.html", {"form": form, "organization": own})


@require_http_methods(["GET", "HEAD", "POST"])
def rename_organization(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    membership = member_of(user)
    if membership is None or not can_rename(user, membership.organization):
        raise PermissionDenied
    own = membership.organization
    form = RenameForm(request.POST if request.method == "POST" else None)
    form.initial["name"] = own.name
    if form.is_valid():
        try:
            rename(own, by=user, name=form.cleaned_data["name"])
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The name is saved."))
            return redirect("organization")
    return render(request, "organizations/rename.html", {"form": form, "organization": own})
