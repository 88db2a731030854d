"""A member answers what the secretariat asked in the course of its checks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance import unsent
from alliance.exceptions import ActionRefused
from alliance.unsent import keeps_typed
from organizations.actions.due_diligence_questions import answer_question
from organizations.due_diligence.rules import current_cycle
from organizations.forms.answer import AnswerForm
from organizations.people import signed_in
from organizations.permissions import can_edit_profile, member_of


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """The open question, or the newest one, for who comes after a colleague's answer."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        raise PermissionDenied
    cycle = current_cycle(membership.organization)
    question = cycle.questions.select_related("cycle__organization").first() if cycle else None
    if question is None:
        raise Http404
    if not can_edit_profile(user, membership.organization):
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else unsent.bring_back(request))
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(question, by=user, answer=form.cleaned_data["answer"])
        except ActionRefused as refused:
            form.add_error(None, refused.message)
            context = {"form": form, "question": question}
            return render(request, "organizations/answer.html", context, status=409)
        messages.success(request, _("Sent. The secretariat goes on with its checks."))
        return redirect("organization")
    if not question.is_open and request.method != "POST":
        return redirect("organization")
    status = 422 if form.errors else 200
    context = {"form": form, "question": question}
    return render(request, "organizations/answer.html", context, status=status)
