"""The board: lists of published Demands and Offers, and a page for each, open to anyone."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from alliance.drawn_pages import draw, drawn_once
from alliance.kept_pages import kept_for_visitors
from alliance.middleware import public
from alliance.pages import titled
from alliance.replica import from_replica
from knowledge.search import TookTooLong
from knowledge.views.answers import busy
from submissions.board import feed, json_ld, listing
from submissions.board.item import Shown, ever_shown, item_page, title_at
from submissions.board.wording import WORDINGS
from submissions.forms.board import BoardForm
from submissions.models import Kind
from submissions.public.addresses import Item, list_address

_ASK_AGAIN_AFTER = "60"  # seconds
# Whoever keeps a feed asks each time whether it still holds: what is hidden is gone at once.
_ASK_EACH_TIME = "public, no-cache"


@public
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def board(request: HttpRequest, kind: Kind) -> HttpResponse:
    """One list, narrowed by facets and words; its whole state stands in the address."""
    form = BoardForm(request.GET)
    template = "submissions/board_list.html"
    try:
        return draw(request, template, partial(listing.list_page, form, kind))
    except TookTooLong:
        response = render(request, template, listing.too_long_page(form, kind), status=503)
    response["Retry-After"] = _ASK_AGAIN_AFTER
    return response


@public
@require_safe
@gzip_page
@conditional_page
@from_replica
def board_feed(request: HttpRequest, kind: Kind) -> HttpResponse:
    """The list as Atom, the latest first; it takes the list's query string."""
    query_string = iri_to_uri(request.META.get("QUERY_STRING", ""))
    try:
        content = feed.written(BoardForm(request.GET).query_of(kind), query_string)
    except TookTooLong:
        headers = {"Retry-After": _ASK_AGAIN_AFTER, "Cache-Control": "no-store"}
        return HttpResponse(status=503, content_type="text/plain", headers=headers)
    response = HttpResponse(content, content_type=feed.BoardFeed.content_type)
    response["Cache-Control"] = _ASK_EACH_TIME
    return response


def _title_at(kind: Kind, item: Item) -> str | None:
    return title_at(kind, item.reference)


@public
@titled(_title_at)
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def item(request: HttpRequest, kind: Kind, item: Item) -> HttpResponse:
    """The page of a Demand or Offer; what is not shown any more says so, and nothing else of it."""
    try:
        return _page(request, kind, item)
    except TookTooLong:
        return busy(request)


def _page(request: HttpRequest, kind: Kind, item: Item) -> HttpResponse:
    shown = ever_shown(kind, item.reference)
    if shown is None:
        raise Http404
    if not shown.is_shown:
        return _gone(request, shown)
    if request.path != shown.url:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{shown.url}?{query}" if query else shown.url)
    context = partial(_context, shown)
    return draw(request, "submissions/board_item.html", context, made_from=shown.made_from)


def _context(shown: Shown) -> dict[str, Any]:
    context = item_page(shown)
    context["structured_data"] = json_ld.of_page(shown, context)
    return context


def _gone(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Gone for good, or for a while: then it may be asked for again."""
    kind = Kind(shown.submission.kind)
    context = {
        "kind": kind,
        "is_over": shown.is_over,
        "reference": str(shown.submission),
        "list_url": list_address(kind),
        "list_title": WORDINGS[kind].title,
    }
    status = 410 if shown.is_over else 404
    return render(request, "submissions/board_gone.html", context, status=status)
