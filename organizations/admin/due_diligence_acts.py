"""What is done on the due diligence page: an address for each act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.actions import due_diligence as actions
from organizations.actions import due_diligence_questions as questions
from organizations.actions import due_diligence_work as work
from organizations.actions import screening as screening_actions
from organizations.admin.due_diligence_page import arrows_of, checks_form_of, page, reviewed
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
from organizations.models import DueDiligence, ScreenedName
from organizations.people import signed_in


def _act(
    request: HttpRequest,
    cycle: DueDiligence,
    name: str,
    form: Form,
    act: Callable[[], object],
    done: Text,
) -> HttpResponse:
    """Run one action; what was refused or mistyped comes back with the page, nothing lost."""
    if not form.is_valid():
        return page(request, cycle.pk, status=422, **{name: form, **_with_lines(form)})
    try:
        result = act()
    except ActionRefused as refused:
        if not form.fields:
            messages.error(request, refused.message)
            return redirect("admin:organizations_duediligence_change", cycle.pk)
        form.add_error(None, refused.message)
        return page(request, cycle.pk, status=409, **{name: form, **_with_lines(form)})
    messages.success(request, done)
    target = result if isinstance(result, DueDiligence) else cycle
    return redirect("admin:organizations_duediligence_change", target.pk)


def _with_lines(form: Form) -> dict[str, Any]:
    """The table of checks draws the lines of the form that was refused."""
    return {"checks": form.lines()} if isinstance(form, ChecksForm) else {}


@require_POST
def step(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = StepForm(request.POST, arrows=arrows_of(sorted(actions.STEPS)))
    return _act(
        request,
        cycle,
        "step_form",
        form,
        lambda: actions.advance(
            cycle,
            by=user,
            arrow=form.cleaned_data["arrow"],
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
        ),
        _("The due diligence has moved on."),
    )


@require_POST
def checks(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = checks_form_of(cycle, request.POST)
    return _act(
        request,
        cycle,
        "checks_form",
        form,
        lambda: work.answer_checks(cycle, by=user, answers=form.answers()),
        _("The answers are kept."),
    )


@require_POST
def level(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = LevelForm(request.POST)
    return _act(
        request,
        cycle,
        "level_form",
        form,
        lambda: work.set_level(cycle, by=user, **form.cleaned_data),
        _("The level is set."),
    )


@require_POST
def recommend(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = RecommendForm(request.POST)
    return _act(
        request,
        cycle,
        "recommend_form",
        form,
        lambda: work.recommend(cycle, by=user, text=form.cleaned_data["text"]),
        _("Recommended. A second person can clear it now."),
    )


@require_POST
def ask(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = AskForm(request.POST)
    return _act(
        request,
        cycle,
        "ask_form",
        form,
        lambda: questions.ask_organization(cycle, by=user, **form.cleaned_data),
        _("The question is on its way to the organization."),
    )


@require_POST
def take_back(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    return _act(
        request,
        cycle,
        "take_back_form",
        Form({}),
        lambda: questions.take_back_question(cycle, by=user),
        _("Taken back. The review goes on without an answer."),
    )


@require_POST
def begin_again(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = ReasonForm(request.POST)
    return _act(
        request,
        cycle,
        "again_form",
        form,
        lambda: actions.begin_again(cycle, by=user, reason=form.cleaned_data["reason"]),
        _("Another cycle has begun."),
    )


@require_POST
def screen(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    return _act(
        request,
        cycle,
        "screen_form",
        Form({}),
        lambda: screening_actions.screen_now(cycle.organization, by=user),
        _("All names have been compared with the list."),
    )


@require_POST
def add_name(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = NameForm(request.POST)
    return _act(
        request,
        cycle,
        "name_form",
        form,
        lambda: screening_actions.add_screened_person(
            cycle.organization,
            name=form.cleaned_data["name"],
            role=form.cleaned_data["kind"],
            birth_year=form.cleaned_data["birth_year"],
            country=form.cleaned_data["country"],
            source=ScreenedName.Source.SECRETARIAT,
            by=user,
        ),
        _("The name is noted. It is compared within a minute, or at once with Screen now."),
    )


@require_POST
def describe_name(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = DescribeForm(request.POST, names=list(cycle.organization.screened_names.active()))
    return _act(
        request,
        cycle,
        "describe_form",
        form,
        lambda: screening_actions.describe_name(
            form.cleaned_data["screened"],
            by=user,
            birth_year=form.cleaned_data["birth_year"],
            country=form.cleaned_data["country"],
        ),
        _("Noted."),
    )


@require_POST
def retire_name(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    cycle = reviewed(user, object_id)
    form = RetireForm(request.POST, names=list(cycle.organization.screened_names.active()))
    return _act(
        request,
        cycle,
        "retire_form",
        form,
        lambda: screening_actions.retire_name(
            form.cleaned_data["screened"], by=user, reason=form.cleaned_data["reason"]
        ),
        _("The name is no longer screened."),
    )


ACTS: dict[str, Callable[..., HttpResponse]] = {
    "step": step,
    "checks": checks,
    "level": level,
    "recommend": recommend,
    "ask": ask,
    "take_back": take_back,
    "begin_again": begin_again,
    "screen": screen,
    "add_name": add_name,
    "describe_name": describe_name,
    "retire_name": retire_name,
}
