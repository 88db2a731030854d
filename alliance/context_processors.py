from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every template may ask of the installation."""
    return {"site_url": settings.SITE_URL, "local_mode": settings.LOCAL_MODE}
