from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance import vocabularies
from alliance.exclusions import exclusions
from alliance.middleware import public
from alliance.models.term_data import Audience
from submissions.retention import KEPT


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How the Alliance works, and the rules: exclusions, privacy, terms, accessibility."""
    context = {
        "exclusions": exclusions(),
        "audiences": Audience.labels,
        "proposal_notice": vocabularies.proposal_notice(),
        "country_disclaimer": vocabularies.country_disclaimer(),
        "kept": KEPT,
    }
    return render(request, "submissions/about.html", context)
