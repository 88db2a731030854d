"""What colleagues have on the desk; seniors hand it over where a colleague cannot."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alliance.exceptions import ActionRefused
from organizations.forms.assignment import HandOverForm
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import can_hand_over_for_others
from submissions import actions
from submissions.admin.assignment import frame, on_desk
from submissions.workload import colleagues, desks


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Everybody who reviews, or has open cases all the same, with how much they have."""
    user = _senior(request)
    context = {**frame(request, _("Cases of colleagues")), "people": desks(user)}
    return render(request, "admin/submissions/team.html", context)


@require_safe
def desk(request: HttpRequest, person_id: int) -> HttpResponse:
    """What one colleague has, and to whom it can go."""
    return _page(request, _colleague(_senior(request), person_id))


@require_POST
def hand_over_for(request: HttpRequest, person_id: int) -> HttpResponse:
    """Everything that is on a colleague's desk goes to another one."""
    user = _senior(request)
    person = _colleague(user, person_id)
    form = HandOverForm(request.POST, reviewers=_others(person))
    if not form.is_valid():
        return _page(request, person, form=form, status=422)
    try:
        gone = actions.hand_over(person, to=form.colleague(), by=user)
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        return _page(request, person, form=form, status=409)
    names = {"person": form.colleague(), "before": person}
    told = ngettext(
        "%(count)d case of %(before)s is with %(person)s now.",
        "%(count)d cases of %(before)s are with %(person)s now.",
        gone.cases + gone.checks,
    )
    messages.success(request, told % {"count": gone.cases + gone.checks, **names})
    if gone.staying:
        stays = ngettext(
            "%(count)d case stays with %(before)s: %(person)s may not review it.",
            "%(count)d cases stay with %(before)s: %(person)s may not review them.",
            gone.staying,
        )
        messages.warning(request, stays % {"count": gone.staying, **names})
    return redirect("admin:submissions_submission_team")


def _senior(request: HttpRequest) -> User:
    user = signed_in(request)
    if not can_hand_over_for_others(user):
        raise PermissionDenied
    return user


def _colleague(user: User, person_id: int) -> User:
    return get_object_or_404(desks(user), pk=person_id)


def _others(person: User) -> list[User]:
    return [row for row in colleagues() if row != person]


def _page(
    request: HttpRequest, person: User, *, form: HandOverForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        **frame(request, str(person)),
        **on_desk(person, seen_by=signed_in(request)),
        "person": person,
        "hand_over_form": form or HandOverForm(reviewers=_others(person)),
    }
    return render(request, "admin/submissions/colleague.html", context, status=status)


# Addresses that are not about one case: route -> name and view.
PAGES: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "team/": ("team", team),
    "team/<int:person_id>/": ("desk", desk),
    "team/<int:person_id>/hand-over/": ("hand_over_for", hand_over_for),
}
