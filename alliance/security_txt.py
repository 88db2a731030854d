"""Where to report a weakness, as RFC 9116 has machines and people look for it."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.middleware import public

# The RFC wants less than a year. It is worked out anew each day: while the portal runs, it holds.
VALID_FOR = timedelta(days=180)


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell, until when that holds, in which language, and the address of this file."""
    contacts = settings.SECURITY_CONTACTS or [settings.SITE_URL + reverse("connect")]
    until = datetime.combine(timezone.now().date() + VALID_FOR, time(), tzinfo=UTC)
    lines = [
        *(f"Contact: {contact}" for contact in contacts),
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
