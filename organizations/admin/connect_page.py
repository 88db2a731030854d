"""The page of one Connect message: the thread, what staff note, and what they do."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.actions import connect_thread as actions
from organizations.connect_routing import colleagues_for
from organizations.forms.connect_thread import AnswerForm, AssignForm, ConnectNoteForm
from organizations.models import ConnectMessage, Membership
from organizations.people import signed_in

Act = Callable[[HttpRequest, ConnectMessage], HttpResponse]


def page(
    request: HttpRequest, message: ConnectMessage, *, status: int = 200, **forms: Form
) -> HttpResponse:
    """The message with its thread; `forms` holds what was typed and refused."""
    replies = list(message.replies.select_related("made_by", "mail"))
    colleagues = colleagues_for(message)
    context = {
        **admin.site.each_context(request),
        "opts": ConnectMessage._meta,
        "title": str(message),
        "message": message,
        "replies": replies,
        "notes": message.notes.select_related("made_by"),
        "membership": _membership(message),
        "answer_form": AnswerForm(auto_id="id_answer_%s"),
        "note_form": ConnectNoteForm(auto_id="id_note_%s"),
        "assign_form": AssignForm(colleagues=colleagues, initial={"person": message.assignee_id}),
        "seen": len(replies),
        **forms,
    }
    return render(request, "admin/organizations/connectmessage/page.html", context, status=status)


def _membership(message: ConnectMessage) -> Membership | None:
    """The member whose address was typed; whether they typed it, nobody knows."""
    members = Membership.objects.filter(user__email__iexact=message.email, user__is_active=True)
    return members.select_related("user", "organization").first() if message.email else None


def _do(
    request: HttpRequest,
    message: ConnectMessage,
    name: str,
    form: Form,
    action: Callable[[], object],
    done: Text,
) -> HttpResponse:
    """Run one action; what was refused or mistyped comes back with the page, nothing lost."""
    if not form.is_valid():
        return page(request, message, status=422, **{name: form})
    try:
        action()
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        return page(request, message, status=409, **{name: form})
    messages.success(request, done)
    return redirect("admin:organizations_connectmessage_change", message.pk)


def answer(request: HttpRequest, message: ConnectMessage) -> HttpResponse:
    form = AnswerForm(request.POST, auto_id="id_answer_%s")
    return _do(
        request,
        message,
        "answer_form",
        form,
        lambda: actions.answer_message(
            message,
            by=signed_in(request),
            text=form.cleaned_data["text"],
            seen=form.cleaned_data["seen"],
        ),
        _("The answer is on its way."),
    )


def note(request: HttpRequest, message: ConnectMessage) -> HttpResponse:
    form = ConnectNoteForm(request.POST, auto_id="id_note_%s")
    return _do(
        request,
        message,
        "note_form",
        form,
        lambda: actions.write_connect_note(
            message, by=signed_in(request), text=form.cleaned_data["text"]
        ),
        _("The note is kept. The sender does not see it."),
    )


def assign(request: HttpRequest, message: ConnectMessage) -> HttpResponse:
    form = AssignForm(request.POST, colleagues=colleagues_for(message))
    return _do(
        request,
        message,
        "assign_form",
        form,
        lambda: actions.assign_message(message, by=signed_in(request), to=form.colleague()),
        _("Saved whose it is."),
    )


def deal_with(request: HttpRequest, message: ConnectMessage) -> HttpResponse:
    return _do(
        request,
        message,
        "move_form",
        Form({}),
        lambda: actions.mark_dealt_with(message, by=signed_in(request)),
        _("Marked as dealt with."),
    )


def put_back(request: HttpRequest, message: ConnectMessage) -> HttpResponse:
    return _do(
        request,
        message,
        "move_form",
        Form({}),
        lambda: actions.mark_new(message, by=signed_in(request)),
        _("Put back into the inbox."),
    )


ACTS: dict[str, Act] = {
    "answer": answer,
    "note": note,
    "assign": assign,
    "deal_with": deal_with,
    "put_back": put_back,
}
