"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.middleware import public
from submissions import front


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"front": front.drawn(is_member=request.user.is_authenticated)}
    return render(request, "submissions/home.html", context)
