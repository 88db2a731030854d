"""What is done on the due diligence page: an address for each act.

An act is a function of the cycle, its form once that is valid, and the reviewer; `_act` makes the
view of it, and enters it in ACTS under its name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.actions import due_diligence as actions
from organizations.actions import due_diligence_questions as questions
from organizations.actions import due_diligence_work as work
from organizations.actions import screening as screening_actions
from organizations.actions.assignment import assign_cycle
from organizations.admin.due_diligence_page import arrows_of, checks_form_of, page, reviewed
from organizations.forms.assignment import AssignForm
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
from organizations.models import DueDiligence, ScreenedName, User
from organizations.people import signed_in
from organizations.reviewers import reviewers

# Makes the form of what was posted about a cycle.
FormMaker = Callable[[QueryDict, DueDiligence], Form]
Act = TypeVar("Act", bound=Callable[..., object])

ACTS: dict[str, Callable[..., HttpResponse]] = {}


def _plain(form: Callable[[QueryDict], Form]) -> FormMaker:
    """A form that needs nothing from the cycle."""
    return lambda posted, cycle: form(posted)


def _act(form_name: str, make_form: FormMaker, done: Text) -> Callable[[Act], Act]:
    """Give an act its view. `form_name` is what the page calls the form; `done` is said after it.

    What the act returns, if it is a cycle, is where the reviewer goes on.
    """

    def enter(act: Act) -> Act:
        @require_POST
        @wraps(act)
        def view(request: HttpRequest, object_id: int) -> HttpResponse:
            user = signed_in(request)
            cycle = reviewed(user, object_id)
            form = make_form(request.POST, cycle)
            return _run(
                request, cycle, form_name, form, lambda: act(cycle, form, by=user), done=done
            )

        ACTS[act.__name__] = view
        return act

    return enter


def _run(
    request: HttpRequest,
    cycle: DueDiligence,
    form_name: str,
    form: Form,
    act: Callable[[], object],
    *,
    done: Text,
) -> HttpResponse:
    """Run one act; what was refused or mistyped comes back with the page, nothing lost."""
    if not form.is_valid():
        return page(request, cycle.pk, status=422, **{form_name: form, **_with_lines(form)})
    try:
        result = act()
    except ActionRefused as refused:
        if not form.fields:
            messages.error(request, refused.message)
            return redirect("admin:organizations_duediligence_change", cycle.pk)
        form.add_error(None, refused.message)
        return page(request, cycle.pk, status=409, **{form_name: form, **_with_lines(form)})
    messages.success(request, done)
    target = result if isinstance(result, DueDiligence) else cycle
    return redirect("admin:organizations_duediligence_change", target.pk)


def _with_lines(form: Form) -> dict[str, Any]:
    """The table of checks draws the lines of the form that was refused."""
    return {"checks": form.lines()} if isinstance(form, ChecksForm) else {}


def _step_form(posted: QueryDict, cycle: DueDiligence) -> Form:
    return StepForm(posted, arrows=arrows_of(sorted(actions.STEPS)))


def _checks_form(posted: QueryDict, cycle: DueDiligence) -> Form:
    return checks_form_of(cycle, posted)


def _assign_form(posted: QueryDict, cycle: DueDiligence) -> Form:
    return AssignForm(posted, reviewers=reviewers(cycle.organization))


def _describe_form(posted: QueryDict, cycle: DueDiligence) -> Form:
    return DescribeForm(posted, names=list(cycle.organization.screened_names.active()))


def _retire_form(posted: QueryDict, cycle: DueDiligence) -> Form:
    return RetireForm(posted, names=list(cycle.organization.screened_names.active()))


@_act("step_form", _step_form, _("The due diligence has moved on."))
def step(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return actions.advance(cycle, by=by, **form.cleaned_data)


@_act("checks_form", _checks_form, _("The answers are kept."))
def checks(cycle: DueDiligence, form: ChecksForm, *, by: User) -> object:
    return work.answer_checks(cycle, by=by, answers=form.answers())


@_act("level_form", _plain(LevelForm), _("The level is set."))
def level(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return work.set_level(cycle, by=by, **form.cleaned_data)


@_act("recommend_form", _plain(RecommendForm), _("Recommended. A second person can clear it now."))
def recommend(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return work.recommend(cycle, by=by, **form.cleaned_data)


@_act("ask_form", _plain(AskForm), _("The question is on its way to the organization."))
def ask(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return questions.ask_organization(cycle, by=by, **form.cleaned_data)


@_act("take_back_form", _plain(Form), _("Taken back. The review goes on without an answer."))
def take_back(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return questions.take_back_question(cycle, by=by)


@_act("assign_form", _assign_form, _("Kept. Who gets it from a colleague is told by mail."))
def assign(cycle: DueDiligence, form: AssignForm, *, by: User) -> object:
    return assign_cycle(cycle, to=form.chosen(), by=by)


@_act("again_form", _plain(ReasonForm), _("Another cycle has begun."))
def begin_again(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return actions.begin_again(cycle, by=by, **form.cleaned_data)


@_act("screen_form", _plain(Form), _("All names have been compared with the list."))
def screen(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return screening_actions.screen_now(cycle.organization, by=by)


@_act(
    "name_form",
    _plain(NameForm),
    _("The name is noted. It is compared within a minute, or at once with Screen now."),
)
def add_name(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return screening_actions.add_screened_person(
        cycle.organization,
        name=form.cleaned_data["name"],
        role=form.cleaned_data["kind"],
        birth_year=form.cleaned_data["birth_year"],
        country=form.cleaned_data["country"],
        source=ScreenedName.Source.SECRETARIAT,
        by=by,
    )


@_act("describe_form", _describe_form, _("Noted."))
def describe_name(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return screening_actions.describe_name(
        form.cleaned_data["screened"],
        by=by,
        birth_year=form.cleaned_data["birth_year"],
        country=form.cleaned_data["country"],
    )


@_act("retire_form", _retire_form, _("The name is no longer screened."))
def retire_name(cycle: DueDiligence, form: Form, *, by: User) -> object:
    return screening_actions.retire_name(
        form.cleaned_data["screened"], by=by, reason=form.cleaned_data["reason"]
    )
