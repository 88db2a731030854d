"""What members do with a published Demand or Offer: an address for each act."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.exceptions import ActionRefused
from alliance.middleware import public
from alliance.text import Text
from organizations.models import User
from organizations.people import signed_in
from submissions import actions, permissions
from submissions.models import Submission
from submissions.renewal_links import to_renew


@require_POST
def pause(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    done = _("Paused. Nobody outside sees it until you show it again.")
    return _act(request, submission_uuid, actions.pause, done)


@require_POST
def resume(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    return _act(request, submission_uuid, actions.resume, _("It is shown again."))


@require_POST
def renew(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    return _act(request, submission_uuid, actions.renew, _("Renewed for another 12 months."))


@require_http_methods(["GET", "HEAD", "POST"])
def fulfil(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """It ends for good, so it is asked about once more."""
    done = _("Marked as fulfilled. We are glad to read that.")
    return _end(request, submission_uuid, "fulfil", actions.fulfil, done)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """It ends for good, so it is asked about once more."""
    return _end(request, submission_uuid, "close", actions.close, _("Closed."))


@require_POST
def take_back(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    done = _("Taken back. You can go on with the change, or drop it.")
    return _act(request, submission_uuid, actions.take_back_change, done)


@require_http_methods(["GET", "HEAD", "POST"])
def drop_change(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """What was typed is gone then, so it is asked about once more."""
    if request.method == "POST":
        done = _("The change is dropped. What is published stays as it is.")
        return _act(request, submission_uuid, actions.drop_change, done)
    submission = _own(signed_in(request), submission_uuid)
    if not Submission.objects.with_unsent_change().filter(pk=submission.pk).exists():
        return redirect(submission)
    return render(request, "submissions/drop_change.html", {"submission": submission})


def _end(
    request: HttpRequest,
    submission_uuid: uuid.UUID,
    arrow: str,
    action: Callable[..., Submission],
    done: Text,
) -> HttpResponse:
    if request.method == "POST":
        return _act(request, submission_uuid, action, done)
    user = signed_in(request)
    submission = _own(user, submission_uuid)
    if arrow not in {each.name for each in permissions.publication_arrows(user, submission)}:
        return redirect(submission)
    context = {
        "submission": submission,
        "arrow": submission.workflow.find(arrow, submission.status),
    }
    return render(request, "submissions/end.html", context)


def _act(
    request: HttpRequest,
    submission_uuid: uuid.UUID,
    action: Callable[..., Submission],
    done: Text,
) -> HttpResponse:
    user = signed_in(request)
    submission = _own(user, submission_uuid)
    try:
        action(submission, by=user)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(submission)


def _own(user: User, submission_uuid: uuid.UUID) -> Submission:
    """One that this person may act on; readers see it and may not."""
    submissions = Submission.objects.visible_to(user).select_related("organization")
    submission = get_object_or_404(submissions, uuid=submission_uuid)
    if not permissions.can_apply(user, submission.organization):
        raise PermissionDenied
    return submission


@public
@require_http_methods(["GET", "HEAD", "POST"])
def renew_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a reminder; it shows a button, because programs that check mail follow links."""
    renewal = to_renew(token)
    if renewal is not None and renewal.is_open and request.method == "POST":
        try:
            actions.renew(renewal.submission, by=renewal.person)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        return redirect("renew_by_link", token)
    is_alive = renewal is not None and (renewal.is_open or renewal.is_done)
    context = {"renewal": renewal if is_alive else None}
    return render(request, "submissions/renew.html", context, status=200 if is_alive else 404)
