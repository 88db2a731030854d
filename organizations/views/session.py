from allauth.account.views import PasswordChangeView
from django import forms
from django.http import HttpResponse

from organizations import browsers
from organizations.people import signed_in


class ChangePasswordView(PasswordChangeView):
    """As allauth's; the browser in which it happens stays known under the new password."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        browsers.remember(self.request, response, signed_in(self.request))
        return response


change_password = ChangePasswordView.as_view()
