from typing import Any

from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.mail_errors import explain
from alliance.models import UndeliverableAddress
from organizations.actions.mailbox import trust_mailbox
from organizations.models import EmailChange
from organizations.people import signed_in


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What a person can look after: address, password, second factor, devices."""
    person = signed_in(request)
    lost = UndeliverableAddress.objects.of(person.email)
    context = {"person": person, "lost": explain(lost.reason) if lost else ""}
    return render(request, "account/overview.html", context)


@require_POST
def mailbox_works(request: HttpRequest) -> HttpResponse:
    """Mail came back, and the person has put their mailbox in order since."""
    person = signed_in(request)
    trust_mailbox(person, by=person)
    messages.success(request, _("Thank you. Should mail come back again, we say so here."))
    return redirect("account")


class OwnEmailView(EmailView):
    """As allauth's, with the change that waits for a word from the present address."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = EmailChange.objects.open().filter(user=self.request.user).first()
        return {**super().get_context_data(**kwargs), "change": change}


email = OwnEmailView.as_view()
