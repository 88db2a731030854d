"""The door of the secretariat: staff alone, and only after a second factor in this session."""

from functools import partial
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from alliance import alarms
from alliance.middleware import public
from alliance.models import Alarm
from alliance.scanning import count_waiting_unusually_long, scanner_trouble
from alliance.start_page import parts_for
from alliance.sweeping import worker_is_silent
from alliance.trail_check import trail_trouble

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# The door is asked again by each page that it let in; the answer lives as long as the request.
_KEPT = "_kept_second_factors"


def second_factors(request: HttpRequest) -> set[str]:
    """Which of authenticator app and passkey are set up for the person; one query per request."""
    kept = request.user.__dict__
    if _KEPT not in kept:
        own = Authenticator.objects.filter(user_id=request.user.pk, type__in=_FACTORS)
        kept[_KEPT] = set(own.values_list("type", flat=True))
    factors: set[str] = kept[_KEPT]
    return factors


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor, or proved with one since."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


class SecretariatSite(AdminSite):
    site_title = _("UNOSSC Alliance")
    site_header = _("UNOSSC Alliance, secretariat")
    index_title = _("Secretariat")
    enable_nav_sidebar = False  # the queue wants the width

    def has_permission(self, request: HttpRequest) -> bool:
        return (
            super().has_permission(request)
            and used_second_factor(request)
            and bool(second_factors(request))
        )

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Worked out where a page shows it: Django hands it to all, for a side bar that is off."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What waits where; and what no other page would show: all that needs somebody."""
        # The scanner and the trail are asked at this moment, and in their own words.
        asked_now = {Alarm.Kind.SCANNER, Alarm.Kind.TRAIL}
        context = {
            "worker_is_silent": worker_is_silent(),
            "alarms": [alarm for alarm in alarms.current() if alarm.kind not in asked_now],
            "scanner": {"trouble": scanner_trouble(), "waiting": count_waiting_unusually_long()},
            "trail_trouble": trail_trouble(),
            "parts": parts_for(request),
        }
        return super().index(request, {**(extra_context or {}), **context})

    @method_decorator(public)
    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send whoever may not come in to what is missing: login, setting up or second factor."""
        target = self._target(request)
        if not request.user.is_authenticated:
            return redirect_to_login(target, reverse("account_login"))
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if not super().has_permission(request):
            raise PermissionDenied
        factors = second_factors(request)
        if not factors:
            return redirect("mfa_index")
        by_app = Authenticator.Type.TOTP in factors
        proof = reverse("mfa_reauthenticate" if by_app else "mfa_reauthenticate_webauthn")
        return HttpResponseRedirect(f"{proof}?{urlencode({REDIRECT_FIELD_NAME: target})}")

    # Django's own answer with a page and, once that is sent, with a redirect; its stubs know the
    # page alone.
    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one page for it, with its mail and its event."""
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def _target(self, request: HttpRequest) -> str:
        """Where the person wanted to go, if that is a page of ours; else the first page."""
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_ours = url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        is_login = target.startswith(reverse("admin:login", current_app=self.name))
        index = reverse("admin:index", current_app=self.name)
        return target if is_ours and not is_login else index
