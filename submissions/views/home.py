"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.kept_pages import kept_for_visitors
from alliance.middleware import public
from alliance.replica import from_replica
from knowledge.search import TookTooLong
from submissions import front


@public
@require_safe
@kept_for_visitors
@from_replica
def home(request: HttpRequest) -> HttpResponse:
    template, is_member = "submissions/home.html", request.user.is_authenticated
    try:
        return render(request, template, {"front": front.drawn(is_member=is_member)})
    except TookTooLong:
        response = render(request, template, {"front": front.without_news(is_member=is_member)})
    response.setdefault("Cache-Control", "no-store")  # the next one may have it whole
    return response
