"""One search over everything that is public."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.middleware import public
from alliance.replica import from_replica
from knowledge.search import TookTooLong
from knowledge.views.answers import ASK_AGAIN_AFTER
from submissions.forms.search import SearchForm
from submissions.search_page import search_page

_FOR_A_DAY = "public, max-age=86400"


@public
@require_safe
@from_replica
def search(request: HttpRequest) -> HttpResponse:
    """The best of each kind for the words in the address."""
    form = SearchForm(request.GET)
    template = "submissions/search.html"
    try:
        return render(request, template, search_page(form))
    except TookTooLong:
        context = {"form": form, "text": form.words(), "took_too_long": True}
        response = render(request, template, context, status=503)
    response["Retry-After"] = str(ASK_AGAIN_AFTER)
    return response


@public
@require_safe
def search_description(request: HttpRequest) -> HttpResponse:
    """What a browser needs to offer this search beside its own.

    Source: OpenSearch 1.1, description documents.
    """
    content_type = "application/opensearchdescription+xml; charset=utf-8"
    response = render(
        request,
        "submissions/search_description.xml",
        {"site_url": settings.SITE_URL},
        content_type=content_type,
    )
    response["Cache-Control"] = _FOR_A_DAY
    return response
