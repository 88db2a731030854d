"""The step between the right password and the login that is ours."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginByCodeStage
from allauth.core.ratelimit import respond_429
from django.http import HttpResponseBase

from alliance import limits
from alliance.limits import Limit

# Each code can be guessed three times: this leaves thirty guesses an hour of a million.
CODES = Limit("login-codes", most=10, seconds=limits.HOUR)


class NewBrowserStage(LoginByCodeStage):
    """Asks for a code by mail; whether it is needed, the adapter says."""

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        is_asking = not self.state and get_adapter().is_login_by_code_required(self.login)
        if is_asking and limits.take(CODES, str(self.login.user.pk)):
            return respond_429(self.request), False
        return cast(tuple[HttpResponseBase | None, bool], super().handle())
