"""Saving while somebody types: the page's script sends the whole form every few seconds."""

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
from submissions.models import Attachment, Kind, Submission


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Save the form, and tell who else writes on it.

    Answers in JSON: 200 with the new version, 409 with what stands where that is newer, 403 or
    404 with the reason in words.
    """
    user = signed_in(request)
    desk = _desk(user, request.POST)
    if desk is None:
        return _refused(_("This page is out of date. Please open it again."), status=404)
    form = desk.posted(request)
    form.is_valid()
    try:
        submission = desk.save(form, request.POST, by=user)
    except actions.NewerVersionSaved as newer:
        return _newer(newer.current, user)
    except ActionRefused as refused:
        return _refused(refused.message, status=403)
    return JsonResponse(
        {
            "version": submission.version,
            "saved_at": (submission.saved_at or now()).isoformat(),
            "address": desk.address,
            "here": _here(actions.note_visit(submission, by=user)),
            "documents": _documents(desk),
            "room": Attachment.MOST - len(desk.documents),
        }
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


def _newer(current: Submission, user: User) -> JsonResponse:
    """What stands there, so that the page can tell its own lost answer from a colleague's work."""
    answer: dict[str, Any] = {
        "version": current.version,
        "typed": current.typed,
        "saved_at": current.saved_at.isoformat() if current.saved_at else "",
        "refused": _("%(person)s saved a newer version elsewhere. Yours is not saved.")
        % {"person": _("You") if current.saved_by_id == user.pk else person(current.saved_by)},
    }
    return JsonResponse(answer, status=409)


def _refused(words: object, *, status: int) -> JsonResponse:
    return JsonResponse({"refused": str(words)}, status=status)


def _here(people: list[User]) -> str:
    """A word on who else has the draft open; empty where nobody has."""
    if not people:
        return ""
    names = ", ".join(person(one) for one in people)
    return _("Open here too: %(people)s") % {"people": names}


def _documents(desk: Desk) -> str:
    """The list of documents as the page shows it; empty where the form has none."""
    if desk.kind == Kind.EXPRESSION_OF_INTEREST:
        return ""
    return render_to_string("submissions/form_document_list.html", {"documents": desk.documents})
