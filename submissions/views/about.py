"""The page about the Alliance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from alliance import drawing, vocabularies
from alliance.exclusions import exclusions
from alliance.middleware import public
from alliance.models.term_data import Audience
from submissions.retention import KEPT


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How the Alliance works, and the rules: exclusions, privacy, terms, accessibility."""
    notice = vocabularies.proposal_notice()
    key = ("about", vocabularies.stamp(), notice)
    return render(
        request, "submissions/about.html", {"body": drawing.kept(key, lambda: _body(notice))}
    )


def _body(notice: str) -> SafeString:
    context = {
        "exclusions": exclusions(),
        "audiences": Audience.labels,
        "proposal_notice": notice,
        "country_disclaimer": vocabularies.country_disclaimer(),
        "kept": KEPT,
    }
    return render_to_string("submissions/about/body.html", context)
