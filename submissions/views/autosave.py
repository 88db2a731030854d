"""Saving while somebody types: the page's script sends the whole form every few seconds."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import member_of
from organizations.templatetags.people import person
from submissions import actions
from submissions.desk import Desk, name_in
from submissions.discarded import words_on_discarded
from submissions.models import Attachment, Kind, Submission
from submissions.typed import Typed, cut_words, version_in


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Save the form, and tell who else writes on it.

    Answers in JSON: 200 with the new version, 409 with what stands where that is newer, 403, 404
    or 410 with the reason in words.
    """
    user = signed_in(request)
    desk = _desk(user, request.POST)
    if desk is None:
        return refused(_("This page is out of date. Please open it again."), status=404)
    if desk.submission is None and version_in(request.POST):
        words = words_on_discarded(desk.name, desk.organization) or _("This draft is deleted.")
        hint = _("Save what you typed by hand to keep it as a new one.")
        return refused(f"{words} {hint}", status=410)
    form = desk.posted(request)
    form.is_valid()
    try:
        submission = desk.save(form, request.POST, by=user)
    except actions.NewerVersionSaved as newer:
        desk.submission = newer.current
        return newer_version(newer.current, by=user, typed=newer.current.typed, base=desk.base)
    except ActionRefused as refusal:
        return refused(refusal.message, status=403)
    return saved(
        submission,
        by=user,
        base=desk.base,
        address=desk.address,
        documents=None if submission.is_application else desk.documents,
        cut=cut_words(request.POST, form.fields),
        not_kept=form.errors.get("attachments", ()),
    )


def _desk(user: User, posted: QueryDict) -> Desk | None:
    """The desk that the page was made for; None for people without an organization, and forgeries."""
    membership = member_of(user)
    named = name_in(posted, membership.organization) if membership else None
    if membership is None or named is None:
        return None
    own = Submission.objects.visible_to(user).select_related("organization")
    if named.kind == Kind.EXPRESSION_OF_INTEREST:
        submission = own.applications().open().first()
    else:
        submission = own.filter(uuid=named.uuid).first()
    return Desk(named.kind, membership, named.uuid, submission)


def saved(
    submission: Submission,
    *,
    by: User,
    base: str,
    address: str,
    documents: list[Attachment] | None,
    cut: list[str],
    not_kept: Iterable[object] = (),
) -> JsonResponse:
    """That it is saved, with what the page needs to go on; `documents` where its form has any.

    `cut` says what was too long to be saved whole, `not_kept` of each document that is not among
    the form's why.
    """
    answer = {
        "version": submission.version,
        "base": base,
        "saved_at": (submission.saved_at or now()).isoformat(),
        "address": address,
        "here": _here(actions.note_visit(submission, by=by)),
        "cut": " ".join(cut),
        "documents": "",
        "room": Attachment.MOST,
        "not_kept": [str(text) for text in not_kept],
    }
    if documents is not None:
        answer["documents"] = render_to_string(
            "submissions/form_document_list.html", {"documents": documents}
        )
        answer["room"] = Attachment.MOST - len(documents)
    return JsonResponse(answer)


def newer_version(current: Submission, *, by: User, typed: Typed, base: str) -> JsonResponse:
    """What stands there, so that the page can tell its own lost answer from a colleague's work.

    `typed` holds the answers to what the page's form asks.
    """
    answer: dict[str, Any] = {
        "version": current.version,
        "base": base,
        "typed": typed,
        "saved_at": current.saved_at.isoformat() if current.saved_at else "",
        "refused": _(
            "%(person)s saved a newer version elsewhere. Yours is not saved. "
            "Save it by hand to see both."
        )
        % {"person": _("You") if current.saved_by_id == by.pk else person(current.saved_by)},
    }
    return JsonResponse(answer, status=409)


def refused(words: object, *, status: int) -> JsonResponse:
    """Why it is not saved, to be said on the page, which stops trying."""
    return JsonResponse({"refused": str(words)}, status=status)


def _here(people: list[User]) -> str:
    """A word on who else has it open; empty where nobody has."""
    if not people:
        return ""
    names = ", ".join(person(one) for one in people)
    return _("Open here too: %(people)s") % {"people": names}
