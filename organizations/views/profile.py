from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.uploads import accepts_files
from organizations.actions import change_profile
from organizations.due_diligence import current_cycle
from organizations.explanations import explain
from organizations.forms import LOGO_MAX_BYTES, ProfileForm
from organizations.models import Membership
from organizations.people import signed_in
from organizations.permissions import can_edit_profile, member_of


@require_safe
def organization(request: HttpRequest) -> HttpResponse:
    """The member's organization: profile, members, due diligence."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        return render(request, "organizations/none.html")
    own = membership.organization
    cycle = current_cycle(own)
    context = {
        "organization": own,
        "members": Membership.objects.filter(organization=own).select_related("user"),
        "cycle": cycle,
        "explanation": explain(cycle),
        "may_edit": can_edit_profile(user, own),
    }
    return render(request, "organizations/profile.html", context)


@accepts_files(logo=LOGO_MAX_BYTES)
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
                change_profile(own, by=user, **form.changes)
            except ActionRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The profile is saved."))
                return redirect("organization")
    else:
        form = ProfileForm(organization=own)
    return render(request, "organizations/profile_edit.html", {"form": form, "organization": own})
