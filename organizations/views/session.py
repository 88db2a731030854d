from allauth.account import views as account
from allauth.account.views import PasswordChangeView
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from alliance.middleware import public
from organizations.login import browsers
from organizations.login.sessions import end_of
from organizations.people import signed_in


@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """The person is still there: `session_limits` has noted it, this says until when it holds."""
    end = end_of(request)
    assert end is not None  # the closed door stands before this view
    return JsonResponse({"seconds": end.seconds, "final": end.is_final})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """Allauth's; the browser forgets what our pages kept in it, such as text not yet saved."""
    response: HttpResponse = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response


class ChangePasswordView(PasswordChangeView):
    """As allauth's; the browser in which it happens stays known under the new password."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        browsers.remember(self.request, response, signed_in(self.request))
        return response


change_password = ChangePasswordView.as_view()
