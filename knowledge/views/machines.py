"""Addresses that machines ask: the harvesters' interface, the feed, sitemaps and robots.txt."""

from django.contrib.sitemaps import views
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.encoding import iri_to_uri
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from alliance.middleware import public
from alliance.replica import from_replica
from knowledge.forms import LibraryForm
from knowledge.machines import feed as library_feed
from knowledge.machines import oai, sitemaps
from knowledge.search import TookTooLong
from knowledge.views.answers import ASK_AGAIN_AFTER

_FOR_AN_HOUR = "public, max-age=3600"


@public
@csrf_exempt  # it changes nothing, and harvesters may send what they ask for by POST
@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
@from_replica
def harvest(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0: one of six questions, answered in XML, errors too."""
    data: QueryDict = request.POST if request.method == "POST" else request.GET
    return HttpResponse(oai.answer(data), content_type="text/xml; charset=utf-8")


@public
@require_safe
@gzip_page
@conditional_page
@from_replica
def feed(request: HttpRequest) -> HttpResponse:
    """The list of reports as Atom; it takes the list's query string."""
    form = LibraryForm(request.GET)
    try:
        content = library_feed.written(form, iri_to_uri(request.META.get("QUERY_STRING", "")))
    except TookTooLong:
        headers = {"Retry-After": str(ASK_AGAIN_AFTER), "Cache-Control": "no-store"}
        return HttpResponse(status=503, content_type="text/plain", headers=headers)
    response = HttpResponse(content, content_type=library_feed.LibraryFeed.content_type)
    response["Cache-Control"] = _FOR_AN_HOUR
    return response


@public
@require_safe
@gzip_page
@from_replica
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps that there are."""
    response = views.index(request, sitemaps.sections(), sitemap_url_name="sitemap_section")
    response["Cache-Control"] = _FOR_AN_HOUR
    return response


@public
@require_safe
@gzip_page
@from_replica
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One of them, or a further page of it."""
    response = views.sitemap(request, sitemaps.sections(), section)
    # What is hidden is gone at once, its address with it: nobody hands out an earlier answer.
    response["Cache-Control"] = "public, no-cache"
    return response


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: what robots shall leave alone, and where the sitemap is."""
    response = HttpResponse(sitemaps.robots(), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = _FOR_AN_HOUR
    return response
