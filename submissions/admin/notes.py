"""Words for colleagues: written, read; and who looks at the case just now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from organizations.people import signed_in
from submissions import actions
from submissions.admin.acts import act
from submissions.admin.presence import sentences
from submissions.admin.review import reviewed
from submissions.forms.review import EmptyForm, NoteForm
from submissions.mentions import colleagues
from submissions.models import Submission


@require_POST
def note(request: HttpRequest, object_id: int) -> HttpResponse:
    """Keep a note, and tell the colleagues whom it names or who are ticked."""
    user = signed_in(request)
    people = colleagues(reviewed(user, object_id)).exclude(pk=user.pk)
    form = NoteForm(request.POST, people=list(people))

    def write(row: Submission) -> None:
        told = form.told()
        actions.write_note(row, by=user, text=form.cleaned_data["text"], tell=told)
        if told:
            names = ", ".join(map(str, told))
            messages.info(request, _("Told by mail: %(names)s.") % {"names": names})

    return act(request, object_id, "note_form", form, write)


@require_POST
def read(request: HttpRequest, object_id: int) -> HttpResponse:
    """Mark what colleagues have told this person about the case as read."""
    user = signed_in(request)
    return act(
        request,
        object_id,
        "read",
        EmptyForm(request.POST),
        lambda row: actions.read_mentions(row, by=user),
    )


@require_POST
def here(request: HttpRequest, object_id: int) -> JsonResponse:
    """The page says that it is open, once a minute; told is who else has it open."""
    user = signed_in(request)
    submission = reviewed(user, object_id)
    try:
        visits = actions.note_review_visit(submission, by=user)
    except ActionRefused as refused:
        return JsonResponse({"refused": refused.message}, status=409)
    return JsonResponse({"others": sentences(visits)})
