"""The public directory of organizations."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.browsing.forms import PageForm
from alliance.drawn_pages import draw, drawn_once
from alliance.kept_pages import kept_for_visitors
from alliance.middleware import public
from alliance.pages import titled
from alliance.replica import from_replica
from knowledge.search import TookTooLong
from knowledge.views.answers import ASK_AGAIN_AFTER, moved
from organizations.people import signed_in
from organizations.permissions import member_of
from submissions.directory import listing
from submissions.directory.entry import public_address
from submissions.directory.listed import (
    application_of,
    listed,
    listed_with_application,
    why_not_listed,
)
from submissions.directory.page import page_of, published_by
from submissions.forms.directory import DirectoryForm

_PAGE = "submissions/organization_page.html"


@public
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def organization_list(request: HttpRequest) -> HttpResponse:
    """The organizations, narrowed by facets and words; its whole state stands in the address."""
    return _browse(request, listing.list_page, is_map=False)


@public
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def organization_map(request: HttpRequest) -> HttpResponse:
    """The same choice of organizations on a map of the world."""
    return _browse(request, listing.map_page, is_map=True)


def _browse(
    request: HttpRequest, page: Callable[[DirectoryForm], dict[str, Any]], *, is_map: bool
) -> HttpResponse:
    form = DirectoryForm(request.GET)
    template = "submissions/organization_list.html"
    try:
        return draw(request, template, partial(page, form))
    except TookTooLong:
        context = listing.too_long_page(form, is_map=is_map)
        response = render(request, template, context, status=503)
    response["Retry-After"] = str(ASK_AGAIN_AFTER)
    return response


def _title_at(pk: int, slug: str) -> str | None:
    """What the page of a listed organization is called, whatever name stands in the address."""
    return listed().filter(pk=pk).values_list("name", flat=True).first()


@public
@titled(_title_at)
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def organization_page(
    request: HttpRequest, pk: int, slug: str
) -> HttpResponse | HttpResponsePermanentRedirect:
    """A listed organization's page; one that is not listed is as unknown as any wrong address."""
    found = listed_with_application(pk)
    if found is None:
        raise Http404
    organization, application = found
    if request.path != public_address(organization):
        return moved(request, public_address(organization))
    published = published_by(organization, PageForm(request.GET).number())
    context = partial(page_of, organization, application, published)
    made_from = [organization, application, *published.entries]
    return draw(request, _PAGE, context, made_from=made_from)


@require_safe
def own_listing(request: HttpRequest) -> HttpResponse:
    """What the public sees of the member's organization, or would see."""
    membership = member_of(signed_in(request))
    if membership is None:
        raise Http404
    organization = membership.organization
    application = application_of(organization)
    published = published_by(organization, PageForm(request.GET).number())
    context = page_of(organization, application, published) | {
        "is_own": True,
        "missing": why_not_listed(organization, application),
    }
    return render(request, _PAGE, context)
