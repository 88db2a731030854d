"""The forms being written: one page for every kind, saved by hand or by itself."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance import drawn_forms, unsent
from alliance.exceptions import ActionRefused
from alliance.files.uploads import Several, accepts_documents, accepts_files
from alliance.prepared import Prepared
from alliance.unsent import keeps_typed
from organizations.models import Membership
from organizations.people import signed_in
from organizations.permissions import member_of
from submissions import actions, permissions
from submissions.desk import CHECKED, CONFLICT, NEW_ROUTES, UNSAVED, Desk, name_in
from submissions.discarded import words_on_discarded
from submissions.forms import FORMS, SubmissionForm
from submissions.forms.application import LOGO_MAX_BYTES
from submissions.labels import FORM_TITLES
from submissions.merging import as_said
from submissions.models import Attachment, Kind, Submission
from submissions.typed import cut_words, typed_from, version_in
from submissions.views import submission_page

_application_of = Prepared(
    lambda organization: (
        Submission.objects.applications()
        .open()
        .filter(organization=organization)
        .select_related("saved_by")
        .order_by()
    ),
    int,
)
_of_name = Prepared(
    lambda organization, name: Submission.objects.filter(
        organization=organization, uuid=name
    ).order_by(),
    int,
    uuid.UUID,
)


@accepts_files(logo=LOGO_MAX_BYTES)
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The Expression of Interest: the organization's one open draft."""
    if member_of(signed_in(request)) is None:
        return _to_an_organization(request)
    membership = _membership(request)
    submission = _application_of.first(membership.organization.pk)
    if submission is not None:
        submission.organization = membership.organization
    if submission is not None and not submission.is_draft:
        messages.info(request, _("Your organization has an open Expression of Interest already."))
        return _sent_already(request, submission)
    named = name_in(request.POST, membership.organization)
    if submission is not None:
        name = submission.uuid
    elif named is not None and named.kind == Kind.EXPRESSION_OF_INTEREST:
        name = named.uuid
    else:
        name = uuid.uuid4()
    desk = Desk(Kind.EXPRESSION_OF_INTEREST, membership, name, submission)
    return _write(request, desk, unsent.bring_back(request))


@accepts_documents(attachments=Several(Attachment.MOST, Attachment.MAX_BYTES))
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A Demand or Offer that is not saved yet; the first saving makes the draft.

    The address names the draft that will be: whoever comes back to it finds that one.
    """
    if member_of(signed_in(request)) is None:
        return _to_an_organization(request)
    membership = _membership(request)
    typed = unsent.bring_back(request)
    is_plain = request.method != "POST" and typed is None
    said = request.GET if is_plain else (typed or request.POST)
    named = name_in(said, membership.organization)
    if named is None or named.kind != kind:
        desk = Desk(kind, membership, uuid.uuid4())
        if is_plain and permissions.can_apply(signed_in(request), membership.organization):
            return redirect(reverse(NEW_ROUTES[kind], query={"draft": desk.token}))
        return _write(request, desk, typed)
    submission = _of_name.first(membership.organization.pk, named.uuid)
    if submission is not None and is_plain:
        return redirect("submissions:edit", submission.uuid)
    return _write(request, Desk(kind, membership, named.uuid, submission), typed)


@accepts_documents(attachments=Several(Attachment.MOST, Attachment.MAX_BYTES))
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """A draft, or the next version of a Demand or Offer that is published."""
    submission = _own(request, submission_uuid)
    if submission is None:
        return _of_deleted(request, submission_uuid)
    if submission.is_application:
        return redirect("apply")
    if not (submission.is_draft or submission.is_live):
        return _sent_already(request, submission)
    desk = Desk(submission.kind, _membership(request), submission.uuid, submission)
    return _write(request, desk, unsent.bring_back(request))


def _to_an_organization(request: HttpRequest) -> HttpResponse:
    """Where somebody without an organization finds one."""
    messages.info(
        request,
        _(
            "Forms are sent in the name of an institution. Ask to be let into yours, or register it."
        ),
    )
    return redirect("organization")


def _membership(request: HttpRequest) -> Membership:
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        raise PermissionDenied
    return membership


def _own(request: HttpRequest, submission_uuid: uuid.UUID) -> Submission | None:
    submissions = Submission.objects.visible_to(signed_in(request))
    return (
        submissions.select_related("organization", "saved_by").filter(uuid=submission_uuid).first()
    )


def _sent_already(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The page of what was sent; with what somebody typed since, to copy it."""
    said = unsent.bring_back(request) or request.POST
    form = FORMS[submission.kind]()
    names = [name for name in form.fields if name not in form.file_fields()]
    kept = [
        as_said(form[name], values)
        for name, values in typed_from(said, names).items()
        if any(values) and values != submission.typed.get(name)
    ]
    if not kept:
        return redirect(submission)
    messages.error(request, _("This was sent meanwhile, without what you typed last."))
    return submission_page.show(request, submission, status=409, kept=kept)


def _of_deleted(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The page of a draft that is no more, for who had it open; nothing for all others."""
    membership = member_of(signed_in(request))
    typed = unsent.bring_back(request)
    named = name_in(typed or request.POST, membership.organization) if membership else None
    if membership is None or named is None or named.uuid != submission_uuid:
        raise Http404
    return _write(request, Desk(named.kind, membership, named.uuid), typed)


def _write(request: HttpRequest, desk: Desk, typed: QueryDict | None) -> HttpResponse:
    """The page of a form; `typed` is what was posted when the login was over."""
    desk.membership.user = signed_in(request)  # the same person, without asking once more
    if not permissions.can_apply(signed_in(request), desk.organization):
        messages.error(request, _("Only owners and editors of your organization can apply."))
        return redirect("dashboard")
    if desk.submission is None and version_in(typed or request.POST):
        return _deleted(request, desk, typed or request.POST)
    if request.method == "POST":
        return _save(request, desk)
    if typed is None and desk.submission is None:
        return _first_page(request, desk)
    if typed is None:
        shows_mistakes = CHECKED in request.GET
        return _page(request, desk, desk.with_mistakes() if shows_mistakes else desk.blank())
    if desk.version_on(typed) == desk.version:
        return _page(request, desk, desk.blank(typed), state=UNSAVED)
    return _both(request, desk, typed)


def _save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Save what was posted, then stay, or go on to the check page where nothing is wrong."""
    form = desk.posted(request)
    is_valid = form.is_valid()
    try:
        submission = desk.save(form, request.POST, by=signed_in(request))
    except actions.NewerVersionSaved as newer:
        desk.submission = newer.current
        return _both(request, desk, request.POST, posted=form)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return _page(request, desk, form, status=409, state=CONFLICT)
    for words in cut_words(request.POST, form.fields):
        messages.warning(request, words)
    if "save" in request.POST:
        return _stay(request, desk, form)
    if is_valid:
        return redirect("submissions:check", submission.uuid)
    if desk.checked().errors == form.errors:
        return redirect(desk.mistakes)
    # A refused file, or a character that no database takes, is not kept: no later page could say
    # what is wrong with it.
    return _page(request, desk, desk.again(form), status=422)


def _stay(request: HttpRequest, desk: Desk, form: SubmissionForm) -> HttpResponse:
    """Back to the page as it is saved; a refused file is the one thing that saving complains of."""
    for name in form.file_fields():
        for error in form.errors.get(name, ()):
            messages.error(request, str(error))
    messages.success(request, _("Saved. You can go on at any time."))
    return redirect(desk.address)


def _both(
    request: HttpRequest, desk: Desk, text: QueryDict, *, posted: SubmissionForm | None = None
) -> HttpResponse:
    """What was typed on an earlier version, with what a colleague has saved since.

    Where both changed an answer, theirs stands beside it and a person chooses; else it can be
    saved at once.
    """
    fresh = desk.blank()
    merged = desk.merged(text, fresh)
    both = text.copy()
    for name, values in merged.typed.items():
        both.setlist(name, values)
    form = desk.blank(both)
    if posted is not None:
        form.hold(posted)
    differing = [as_said(fresh[name], desk.saved(name)) for name in merged.differing]
    state = CONFLICT if differing else UNSAVED
    status = 409 if posted else 200
    return _page(request, desk, form, status, state=state, differing=differing, is_merged=True)


def _deleted(request: HttpRequest, desk: Desk, text: QueryDict) -> HttpResponse:
    """Somebody deleted the draft meanwhile: what was typed can begin it anew."""
    form = desk.blank(text)
    status = 200
    if request.method == "POST":
        posted, status = desk.posted(request), 409
        posted.is_valid()
        form.hold(posted)
    words = words_on_discarded(desk.name, desk.organization) or _("This draft is deleted.")
    return _page(request, desk, form, status, state=CONFLICT, deleted=words)


def _page(
    request: HttpRequest,
    desk: Desk,
    form: SubmissionForm,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context |= _shared(desk) | {
        "form": form,
        "desk": desk,
        "submission": desk.submission,
        "others": desk.submission.visits.beside(signed_in(request)) if desk.submission else [],
    }
    return render(request, "submissions/draft.html", context, status=status)


def _first_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page of a form in which nobody has typed yet."""
    form, own = desk.blank(), {"desk": desk}
    return drawn_forms.draw(request, "submissions/draft.html", _shared(desk), form=form, own=own)


def _shared(desk: Desk) -> dict[str, Any]:
    """What the page of a form says whoever writes."""
    return {"kind": desk.kind, "address": desk.address, "title": FORM_TITLES[desk.kind]}
