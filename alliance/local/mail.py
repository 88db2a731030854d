"""Every mail that the portal has written, for whoever tries it on their own machine."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from alliance.middleware import public
from alliance.models import OutgoingMail

MAILS_ON_A_PAGE = 50
# The message is shown as it would be read: with its own style, without scripts, in no origin.
_AS_MAIL = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@public
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The outbox, newest first."""
    mails = OutgoingMail.objects.defer("text", "html", "last_error")
    page = Paginator(mails, MAILS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "alliance/local/mail_list.html", {"page": page})


@public
@require_safe
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail, pk=pk)
    return render(request, "alliance/local/mail_detail.html", {"mail": mail})


@public
@require_safe
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a message, alone in a page that can run nothing."""
    mail = get_object_or_404(OutgoingMail.objects.exclude(html=""), pk=pk)
    response = HttpResponse(mail.html)
    response["Content-Security-Policy"] = _AS_MAIL
    return response
