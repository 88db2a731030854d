"""Who works on what: give a case, hand over one's own, be away, declare a conflict of interest."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from organizations.actions.assignment import set_absence
from organizations.forms.assignment import AbsenceForm, AssignForm, ConflictForm, HandOverForm
from organizations.models import Absence, DueDiligence, Organization, User
from organizations.people import signed_in
from organizations.permissions import can_hand_over_for_others, can_review_organization, is_reviewer
from submissions import actions
from submissions.admin.acts import act
from submissions.admin.review import reviewed
from submissions.models import Submission
from submissions.workload import colleagues


@require_POST
def assign(request: HttpRequest, object_id: int) -> HttpResponse:
    """Give this case to the chosen reviewer, or to nobody."""
    user = signed_in(request)
    submission = reviewed(user, object_id)
    form = AssignForm(request.POST, reviewers=colleagues(submission.organization))
    return act(
        request,
        object_id,
        "assign_form",
        form,
        lambda row: actions.assign(row, to=form.chosen(), by=user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def declare_conflict(request: HttpRequest, organization_id: int) -> HttpResponse:
    """Say what one's interest is; from then on nothing of the organization is shown."""
    user = signed_in(request)
    organization = _reviewed_organization(user, organization_id)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                taken_off = actions.declare_conflict(
                    organization, by=user, reason=form.cleaned_data["reason"]
                )
            except ActionRefused as refused:
                status = 409
                form.add_error(None, refused.message)
            else:
                messages.success(request, _told_of_conflict(organization, taken_off))
                return redirect("admin:submissions_submission_changelist")
    context = {**frame(request, _("Declare a conflict of interest")), "organization": organization}
    return render(
        request, "admin/submissions/conflict.html", {**context, "form": form}, status=status
    )


def _reviewed_organization(user: User, organization_id: int) -> Organization:
    if not is_reviewer(user):
        raise PermissionDenied
    organizations = Organization.objects.select_related("country")
    organization = get_object_or_404(organizations, pk=organization_id)
    if not can_review_organization(user, organization):
        raise PermissionDenied
    return organization


def _told_of_conflict(organization: Organization, taken_off: int) -> str:
    return ngettext(
        "Noted. You have no part in the cases of %(name)s any more; %(count)d was taken off you.",
        "Noted. You have no part in the cases of %(name)s any more; %(count)d were taken off you.",
        taken_off,
    ) % {"name": organization, "count": taken_off}


@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """What is on one's desk, with the ways off it."""
    return _desk(request)


def _desk(request: HttpRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    user = signed_in(request)
    if not is_reviewer(user):
        raise PermissionDenied
    context = {
        **frame(request, _("My cases")),
        **on_desk(user, seen_by=user),
        "may_see_team": can_hand_over_for_others(user),
        "hand_over_form": HandOverForm(reviewers=_others(user)),
        "absence_form": AbsenceForm.of(Absence.objects.filter(person=user).first()),
        **forms,
    }
    return render(request, "admin/submissions/my_cases.html", context, status=status)


def on_desk(person: User, *, seen_by: User) -> dict[str, Any]:
    """Open cases and due diligence of a person: those that the other one may review."""
    cases = Submission.objects.reviewable_by(seen_by).open().filter(assignee=person)
    cycles = DueDiligence.objects.reviewable_by(seen_by).at_work().filter(assignee=person)
    return {
        "cases": cases.select_related("organization").order_by("status_at"),
        "cycles": cycles.select_related("organization").order_by("status_at"),
    }


def _others(user: User) -> list[User]:
    return [row for row in colleagues() if row != user]


@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Everything that is on one's desk goes to a colleague."""
    user = signed_in(request)
    form = HandOverForm(request.POST, reviewers=_others(user) if is_reviewer(user) else ())

    def act() -> None:
        gone = actions.hand_over(user, to=form.colleague(), by=user)
        number = gone.cases + gone.checks
        told = ngettext(
            "%(count)d case is with %(person)s now.",
            "%(count)d cases are with %(person)s now.",
            number,
        )
        messages.success(request, told % {"count": number, "person": form.colleague()})
        if gone.staying:
            stays = ngettext(
                "%(count)d case stays with you: %(person)s may not review it.",
                "%(count)d cases stay with you: %(person)s may not review them.",
                gone.staying,
            )
            messages.warning(request, stays % {"count": gone.staying, "person": form.colleague()})

    return _from_desk(request, "hand_over_form", form, act)


@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """Note the days on which one is away: no rule assigns a case meanwhile."""
    user = signed_in(request)
    form = AbsenceForm(request.POST)

    def act() -> None:
        set_absence(user, by=user, **form.cleaned_data)
        messages.success(request, _("The days are kept. Colleagues see them beside your name."))

    return _from_desk(request, "absence_form", form, act)


def _from_desk(
    request: HttpRequest, name: str, form: Form, act: Callable[[], None]
) -> HttpResponse:
    """Run what was asked for on the desk's page; what was refused comes back with the page."""
    if not is_reviewer(signed_in(request)):
        raise PermissionDenied
    if not form.is_valid():
        return _desk(request, status=422, **{name: form})
    try:
        act()
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        return _desk(request, status=409, **{name: form})
    return redirect("admin:submissions_submission_my_cases")


def frame(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": Submission._meta}


# Addresses that are not about one case: route -> name and view.
PAGES: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "mine/": ("my_cases", my_cases),
    "mine/hand-over/": ("hand_over", hand_over),
    "mine/away/": ("away", away),
    "conflict/<int:organization_id>/": ("declare_conflict", declare_conflict),
}
