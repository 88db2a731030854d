"""What an organization is asked to do next, the most urgent first: the head of the dashboard."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.text import Text
from organizations.templatetags.people import person
from submissions.models import Change, Clarification, Submission
from submissions.workflow import EXPIRED

# How long what has ended, or was not accepted, is spoken of.
_LATELY = timedelta(days=30)


@dataclass(frozen=True)
class NextStep:
    """One thing to do: `url` leads to where it is done, `label` is the link's words."""

    title: Text
    text: Text
    url: str
    label: Text


def next_steps(
    sent: list[Submission], drafts: list[Submission], begun: list[Submission]
) -> list[NextStep]:
    """For one organization: everything it has sent, its drafts, and changes begun and not sent.

    Two queries.
    """
    return [
        *_questions(sent),
        *_refused_changes(sent),
        *_going(drafts),
        *_begun_changes(begun),
        *_ending(sent),
        *_held(sent),
        *_unsent_application(drafts),
    ]


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _questions(sent: list[Submission]) -> Iterator[NextStep]:
    rows = {row.pk: row for row in sent}
    rounds = Clarification.objects.open().filter(submission__in=rows).order_by("due_on")
    for each in rounds.prefetch_related("items"):
        submission = rows[each.submission_id]
        count = len(each.items.all())
        yield NextStep(
            ngettext(
                "%(count)d question waits for your answer",
                "%(count)d questions wait for your answer",
                count,
            )
            % {"count": count},
            _("The secretariat asks about %(name)s. Please answer by %(day)s.")
            % {"name": _name(submission), "day": _day(each.due_on)},
            submission.get_absolute_url(),
            _("Answer now"),
        )


def _refused_changes(sent: list[Submission]) -> Iterator[NextStep]:
    """A change that was not accepted, unless a newer one has been sent since."""
    live = {row.pk: row for row in sent if row.is_live}
    newest = (
        Change.objects.filter(revision__submission__in=live)
        .order_by("revision__submission_id", "-id")
        .distinct("revision__submission_id")
        .select_related("revision")
    )
    for change in newest:
        since = timezone.now() - _LATELY
        if change.outcome == Change.Outcome.REFUSED and (change.settled_at or since) > since:
            submission = live[change.revision.submission_id]
            yield NextStep(
                _("A change was not accepted"),
                _("%(name)s is shown as it was before. Read why, and change it again if you like.")
                % {"name": _name(submission)},
                _publication(submission),
                _("Read why"),
            )


def _going(drafts: list[Submission]) -> Iterator[NextStep]:
    for draft in drafts:
        if draft.draft_goes_on is not None:
            yield NextStep(
                _("A draft is about to be deleted"),
                _("Nobody has saved this draft for long: %(kind)s. It is deleted on %(day)s.")
                % {"kind": draft.get_kind_display(), "day": _day(draft.draft_goes_on)},
                _write(draft),
                _("Open it and save it"),
            )


def _begun_changes(begun: list[Submission]) -> Iterator[NextStep]:
    for submission in begun:
        yield NextStep(
            _("A change is not sent yet"),
            _("You have begun to change %(name)s. Nobody sees it until you send it.")
            % {"name": _name(submission)},
            _publication(submission),
            _("Go on, or drop it"),
        )


def _ending(sent: list[Submission]) -> Iterator[NextStep]:
    today = timezone.localdate()
    for row in sorted(sent, key=lambda row: row.expires_on or today):
        if row.expires_on is None:
            continue
        if row.is_ending:
            yield NextStep(
                _("%(reference)s ends on %(day)s")
                % {"reference": row.reference, "day": _day(row.expires_on)},
                _("%(name)s is still shown until then. Renew it if it still holds.")
                % {"name": _name(row)}
                if row.is_published
                else _("%(name)s is paused. Show it again, then renew it, if it still holds.")
                % {"name": _name(row)},
                _publication(row),
                _("Renew it"),
            )
        elif row.status == EXPIRED and row.expires_on > today - _LATELY:
            yield NextStep(
                _("%(reference)s has ended") % {"reference": row.reference},
                _("%(name)s is no longer shown. Renew it if it still holds.")
                % {"name": _name(row)},
                _publication(row),
                _("Renew it"),
            )


def _held(sent: Iterable[Submission]) -> Iterator[NextStep]:
    held = [row for row in sent if row.is_paused_by_portal]
    if held:
        yield NextStep(
            _("What you have published is paused"),
            _(
                "The due diligence of your organization is not in force. Once it is, everything "
                "is shown again by itself."
            ),
            reverse("organization"),
            _("See what is asked of you"),
        )


def _unsent_application(drafts: list[Submission]) -> Iterator[NextStep]:
    for draft in drafts:
        if draft.is_application:
            yield NextStep(
                _("Your application is not sent yet"),
                _("Last saved on %(day)s by %(person)s.")
                % {
                    "day": _day(timezone.localdate(draft.saved_at)),
                    "person": person(draft.saved_by),
                }
                if draft.saved_at
                else _("The draft is still empty."),
                _write(draft),
                _("Go on writing"),
            )


def _publication(submission: Submission) -> str:
    """The part of its page where one acts on what is published: on a phone it stands far below."""
    return f"{submission.get_absolute_url()}#publication"


def _write(draft: Submission) -> str:
    return reverse("submissions:edit", args=[draft.uuid])


def _name(submission: Submission) -> str:
    """How a sentence names it: the kind with its number, and the title where it is its own."""
    if submission.is_application:
        return f"{submission.get_kind_display()} {submission.reference}"
    return f"“{submission.title}” ({submission.reference})"
