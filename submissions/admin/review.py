"""The review page of one submission; what is done there is in `acts`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from alliance.models import OutgoingMail
from alliance.prepared import Prepared
from alliance.text import Text
from alliance.workflow import Arrow, Turn
from organizations.admin.reading import number_of
from organizations.due_diligence.rules import current_cycle, missing_for_clearance
from organizations.models import DueDiligence, Hit, Organization, User
from organizations.people import signed_in
from organizations.permissions import is_administrator, is_reviewer
from submissions import actions, permissions
from submissions.admin import questions
from submissions.admin.beside import beside
from submissions.admin.neighbours import neighbours
from submissions.admin.noted import noted
from submissions.admin.presence import sentences
from submissions.answers import sections
from submissions.forms.assignment import assign_form
from submissions.forms.review import DecisionForm, LetterForm, StepForm
from submissions.labels import DECLARATION_TITLE
from submissions.letters import draft_letters
from submissions.models import Change, Decision, Revision, Submission
from submissions.timeline import last_act, staff_moments, staff_trail
from submissions.workflow import DECIDING_ARROWS
from submissions.workload import colleagues_of

# The steps of the review that have a button of their own.
STEPS = ("start_review", "confirm_eligibility", "put_for_decision")
# Those that ask for words first, which go to the organization or into the file.
STEPS_WITH_WORDS = ("reopen", "pause", "resume", "close")

# Of the organization; counted with the case, as it is shown at its head.
_OPEN_HITS = Coalesce(
    Subquery(
        Hit.objects.open()
        .filter(organization=OuterRef("organization"))
        .order_by()
        .values("organization")
        .annotate(number=Count("pk"))
        .values("number")
    ),
    0,
)

# Asked each time a case is opened; see `alliance.prepared`.
_received = Prepared(
    lambda number: (
        Submission.objects.received()
        .annotate(open_hits=_OPEN_HITS)
        .select_related("organization__country", "organization__type", "assignee", "submitted_by")
        .filter(pk=number)
        .order_by()
    ),
    int,
)
_revisions_of = Prepared(
    lambda submission: Revision.objects.filter(submission=submission).select_related("made_by"),
    int,
)
_mails_about = Prepared(
    lambda kind, number: OutgoingMail.objects.filter(about_type=kind, about_id=number), str, int
)
_decisions_of = Prepared(
    lambda submission: Decision.objects.filter(submission=submission).select_related(
        "reason", "made_by", "published_by"
    ),
    int,
)


def page(
    model_admin: admin.ModelAdmin[Submission],
    request: HttpRequest,
    object_id: str,
    *,
    status: int = 200,
    **forms: Form,
) -> HttpResponse:
    """The submission laid out like its form, with everything that this reviewer may do now.

    `forms` holds what was typed and refused, by the name under which the template shows it. Where
    it has no place any more, because somebody was quicker, its text is shown to be copied.
    """
    submission = reviewed(signed_in(request), object_id)
    drawn = _drawn(request, submission)
    shown = {**drawn, **forms}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "title": submission.title,
        "submission": submission,
        "may_open_mails": is_administrator(request.user),
        **shown,
        "steps_with_words": [(arrow, shown[words_form(arrow)]) for arrow in drawn["arrows"]],
        "kept": [
            line for name, form in forms.items() if not drawn.get(name) for line in _typed(form)
        ],
    }
    return render(request, "admin/submissions/submission/review.html", context, status=status)


def _drawn(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    """What the page shows as long as nothing was typed: each part with its forms, all empty."""
    user = signed_in(request)
    revisions = _revisions_of.all(submission.pk)
    for row in revisions:
        row.submission = submission
    change = _change(submission)
    shown_now = next((row for row in revisions if row.pk == submission.shown_revision_id), None)
    trail, people = staff_trail(submission)
    since = _seen_by(revisions, last_act(trail, people, user))
    place = neighbours(request, submission.pk)
    reviewers = colleagues_of(submission.organization)
    return {
        **questions.part(
            request, submission, revisions, beside=shown_now if change else None, since=since
        ),
        **_case(submission, revisions[0]),
        **_possible(user, submission),
        **beside(user, submission),
        **noted(user, submission, reviewers),
        "moments": staff_moments(trail, people),
        "is_new": since is not None,
        "change": change,
        "refuse_form": StepForm(auto_id="id_refuse_%s") if change else None,
        "others_here": sentences(actions.note_review_visit(submission, by=user)),
        "place": place,
        "carried": place.carried,
        "assign_form": assign_form(user, submission, reviewers),
    }


def words_form(arrow: Arrow | str) -> str:
    """The name of the form with the words of a step that asks for some."""
    return f"{arrow if isinstance(arrow, str) else arrow.name}_form"


def _typed(form: Form) -> Iterator[tuple[Text, str]]:
    """What was typed into a form, field by field."""
    for field in form.visible_fields():
        value = field.value()
        if value:
            chosen = dict(getattr(field.field, "choices", ()))
            yield field.label, str(chosen.get(value, value))


def _case(submission: Submission, revision: Revision) -> dict[str, Any]:
    """What is known: answers of that revision, organization, decisions, notes, history."""
    statements = revision.statements
    cannot_confirm = [answer for answer in statements if answer.explanation]
    cycle = current_cycle(submission.organization)
    shown = sections(submission.kind, revision.answers)
    return {
        "attachments": revision.attachments.all(),
        "sections": shown,
        "answered": {line.name for section in shown for line in section.lines},
        # What could not be confirmed is what a reviewer reads first.
        "cannot_confirm": cannot_confirm,
        "statements": statements,
        "declaration_title": DECLARATION_TITLE,
        "organization": submission.organization,
        "cycle": cycle,
        "missing": _missing(submission.organization, cycle),
        "mails": _mails_about.all(submission._meta.label_lower, submission.pk),
    }


def _seen_by(revisions: list[Revision], last: datetime | None) -> Revision | None:
    """The revision that was the newest at that moment, where there is a newer one since."""
    if last is None:
        return None
    seen = next((row for row in revisions if row.made_at <= last), None)
    return None if seen == revisions[0] else seen


def _missing(organization: Organization, cycle: DueDiligence | None) -> list[Text]:
    """What stands in the way of clearing; nothing is asked where it is cleared."""
    if cycle is not None and cycle.is_cleared:
        return []
    return missing_for_clearance(organization, cycle)


def _change(submission: Submission) -> Change | None:
    """What the organization wants to change of what is shown; always its newest revision."""
    if not submission.is_live:
        return None
    waiting = Change.objects.waiting().filter(revision__submission=submission)
    return waiting.select_related("revision__made_by").first()


def _possible(user: User, submission: Submission) -> dict[str, Any]:
    """The buttons: only what this person may do with this submission as it is now."""
    decisions = _decisions_of.all(submission.pk)
    for row in decisions:
        row.submission = submission
    pending = next((row for row in decisions if row.is_pending), None)
    can_decide = permissions.can_decide(user, submission)
    arrows = permissions.review_arrows(user, submission)
    arrows_with_button = [arrow for arrow in arrows if arrow.name in STEPS]
    arrows_with_words = [arrow for arrow in arrows if arrow.name in STEPS_WITH_WORDS]
    outcomes = outcomes_of(submission)
    may_decide_now = can_decide and pending is None and bool(outcomes)
    return {
        "can_review": permissions.can_review(user, submission),
        "steps": arrows_with_button,
        "arrows": arrows_with_words,
        **{
            words_form(arrow): StepForm(auto_id=f"id_{arrow.name}_%s")
            for arrow in arrows_with_words
        },
        "decisions": decisions,
        "pending": pending,
        "can_decide": can_decide,
        "waits_for_senior": bool(outcomes)
        and not (can_decide or arrows_with_button)
        and submission.state.turn == Turn.SECRETARIAT,
        "decision_form": DecisionForm(outcomes=outcomes) if may_decide_now else None,
        "letters": _labelled_letters(submission, outcomes) if may_decide_now else [],
        "letter_form": LetterForm(initial={"letter": pending.letter}) if pending else None,
    }


def outcomes_of(submission: Submission) -> list[tuple[str, Text]]:
    """The decisions that its present state allows, whoever takes them."""
    return [
        (name, arrow.label)
        for name in DECIDING_ARROWS
        if (arrow := submission.workflow.find(name, submission.status))
    ]


def _labelled_letters(
    submission: Submission, outcomes: list[tuple[str, Text]]
) -> list[tuple[Text, str]]:
    letters = draft_letters(submission, [name for name, _label in outcomes])
    return [(label, letters[name]) for name, label in outcomes]


def reviewed(user: User, object_id: str | int) -> Submission:
    """A received submission, for reviewers; nobody reviews their own organization."""
    if not is_reviewer(user):
        raise PermissionDenied
    submission = _received.first(number_of(object_id))
    if submission is None:
        raise Http404
    if not permissions.can_review(user, submission):
        raise PermissionDenied
    return submission
