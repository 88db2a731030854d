"""The due diligence page of an organization: one cycle, with all that is known and possible."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from organizations.actions import due_diligence as actions
from organizations.actions.due_diligence_moves import is_open_for_work
from organizations.admin.due_diligence_timeline import timeline
from organizations.admin.reading import number_of
from organizations.due_diligence.checks import checks_of
from organizations.due_diligence.levels import propose
from organizations.due_diligence.rules import (
    answers_of,
    missing_for_clearance,
    missing_second_person,
)
from organizations.forms.assignment import assign_form
from organizations.forms.due_diligence import (
    AskForm,
    ChecksForm,
    DescribeForm,
    LevelForm,
    NameForm,
    ReasonForm,
    RecommendForm,
    RetireForm,
    StepForm,
)
from organizations.models import DueDiligence, ListImport, SanctionsSnapshot, ScreenedName, User
from organizations.people import signed_in
from organizations.permissions import (
    can_review_organization,
    is_reviewer,
    is_senior_reviewer,
)
from organizations.workflow import CLARIFICATION_REQUESTED, DUE_DILIGENCE, NOT_CLEARED, UNDER_REVIEW

_TEMPLATE = "admin/organizations/duediligence/page.html"
_RUNS_SHOWN = 10


def page(
    request: HttpRequest, object_id: str | int, *, status: int = 200, **forms: Form
) -> HttpResponse:
    """One cycle with everything that this reviewer may do now.

    `forms` holds what was typed and refused, by the name under which the template shows it.
    """
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    if isinstance(refused := forms.get("step_form"), StepForm):
        refused.offer(arrows_of(actions.possible_arrows(user, cycle)))
    context = {
        **admin.site.each_context(request),
        "opts": DueDiligence._meta,
        "title": cycle.organization.name,
        **(known := _case(cycle)),
        **_possible(user, cycle, known["cycles"][0], known["names"]),
        **forms,
    }
    return render(request, _TEMPLATE, context, status=status)


def reviewed(user: User, object_id: str | int) -> DueDiligence:
    """A cycle, for reviewers; nobody reviews their own organization."""
    if not is_reviewer(user):
        raise PermissionDenied
    cycle = (
        DueDiligence.objects.select_related(
            "organization__country",
            "organization__type",
            "recommended_by",
            "level_by",
            "status_by",
            "assignee",
        )
        .filter(pk=number_of(object_id))
        .first()
    )
    if cycle is None:
        raise Http404
    if not can_review_organization(user, cycle.organization):
        raise PermissionDenied
    return cycle


def _case(cycle: DueDiligence) -> dict[str, Any]:
    """What is known: names, hits, runs, earlier cycles, history."""
    organization = cycle.organization
    names = organization.screened_names.active().select_related("country", "run")
    return {
        "cycle": cycle,
        "organization": organization,
        "proposal": propose(organization, cycle),
        "names": list(names),
        "hits": organization.hits.select_related("name", "entry", "status_by").order_by(
            "-status", "-priority", "id"
        ),
        "runs": organization.screening_runs.select_related("snapshot", "by")[:_RUNS_SHOWN],
        "list": SanctionsSnapshot.objects.current(),
        "list_read_at": ListImport.objects.last_success(),
        "cycles": list(organization.due_diligence_cycles.order_by("-number")),
        "lines": timeline(organization),
        "documents": organization.documents.all(),
        "questions": cycle.questions.select_related("asked_by", "answered_by"),
    }


def _possible(
    user: User, cycle: DueDiligence, newest: DueDiligence, names: list[ScreenedName]
) -> dict[str, Any]:
    """The forms: only what this person may do with the cycle as it is now."""
    if newest != cycle:
        return {"is_history": True, "newest": newest, "checks": checks_form_of(cycle).lines()}
    steps = actions.possible_arrows(user, cycle)
    is_open = is_open_for_work(user, cycle)
    checks_form = checks_form_of(cycle)
    answers = checks_form.answered
    return {
        "missing": missing_for_clearance(cycle.organization, cycle, answers) if is_open else [],
        "missing_person": missing_second_person(cycle, answers, user) if is_open else "",
        "step_form": StepForm(arrows=arrows_of(steps)) if steps else None,
        "checks_form": checks_form if is_open else None,
        "checks": checks_form.lines(),
        "level_form": LevelForm(initial={"level": cycle.level}) if is_open else None,
        "ask_form": AskForm() if cycle.status == UNDER_REVIEW and is_open else None,
        "can_take_back": cycle.status == CLARIFICATION_REQUESTED and is_open,
        "recommend_form": RecommendForm() if cycle.status == UNDER_REVIEW and is_open else None,
        "again_form": ReasonForm()
        if cycle.status == NOT_CLEARED and is_senior_reviewer(user)
        else None,
        "name_form": NameForm(),
        "assign_form": assign_form(user, cycle),
        "describe_form": DescribeForm(names=names),
        "retire_form": RetireForm(names=names),
    }


def arrows_of(names: list[str]) -> list[Any]:
    """Each step once, in the order of the table."""
    found = {arrow.name: arrow for arrow in DUE_DILIGENCE.arrows if arrow.name in names}
    return list(found.values())


def checks_form_of(cycle: DueDiligence, data: Any = None) -> ChecksForm:
    return ChecksForm(data, kinds=checks_of(cycle.level), answered=answers_of(cycle))
