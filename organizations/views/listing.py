from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.actions.listing import say_listing
from organizations.models import Organization, User
from organizations.people import signed_in
from organizations.permissions import can_say_listing, member_of


@require_POST
def list_organization(request: HttpRequest) -> HttpResponse:
    """Agree that the public sees the institution in the directory."""
    user, own = _owned(request)
    say_listing(own, by=user, agrees=True)
    messages.success(request, _("Your organization may now be shown in the public directory."))
    return redirect("organization")


@require_POST
def unlist_organization(request: HttpRequest) -> HttpResponse:
    """Take the agreement back; the directory leaves it out from the next request on."""
    user, own = _owned(request)
    say_listing(own, by=user, agrees=False)
    messages.success(request, _("The public directory no longer shows your organization."))
    return redirect("organization")


def _owned(request: HttpRequest) -> tuple[User, Organization]:
    user = signed_in(request)
    membership = member_of(user)
    if membership is None or not can_say_listing(user, membership.organization):
        raise PermissionDenied
    return user, membership.organization
