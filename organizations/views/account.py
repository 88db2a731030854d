from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.people import signed_in


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What a person can look after: address, password, second factor, devices."""
    return render(request, "account/overview.html", {"person": signed_in(request)})
