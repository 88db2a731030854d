"""What the lists and pages of the board say of a Demand and of an Offer."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.browsing.facets import Facet
from alliance.browsing.terms import COUNTRIES, GOALS, REGIONS, THEMES, country_name, term_facet
from alliance.text import Text
from submissions.models import Kind


@dataclass(frozen=True)
class Wording:
    """`reason` is the code of the reason with which people connect about such an item."""

    title: Text
    lede: Text
    none_yet: Text
    first_step: Text
    start_route: str
    start_action: Text
    help_title: Text
    help_text: Text
    help_action: Text
    reason: str
    support_title: Text
    support_vocabulary: str
    stage_vocabulary: str

    @property
    def facets(self) -> tuple[Facet, ...]:
        """In the order of the page."""
        return (
            THEMES,
            REGIONS,
            term_facet("support", self.support_title, self.support_vocabulary, is_open=True),
            term_facet("modality", _("Modality")),
            GOALS,
            COUNTRIES,
        )


WORDINGS = {
    Kind.DEMAND: Wording(
        title=_("Demands"),
        lede=_(
            "What institutions of the South look for. The secretariat has checked each institution."
        ),
        none_yet=_("No Demands yet"),
        first_step=_("Does your institution look for experience that others may have? Tell us."),
        start_route="new_demand",
        start_action=_("Submit a Demand"),
        help_title=_("Can you help?"),
        help_text=_(
            "Tell us in a few lines. The secretariat brings you together with the institution."
        ),
        help_action=_("I can help"),
        reason="respond-demand",
        support_title=_("Type of support"),
        support_vocabulary="support-type",
        stage_vocabulary="stage-demand",
    ),
    Kind.OFFER: Wording(
        title=_("Offers"),
        lede=_("What institutions can share. The secretariat has checked each institution."),
        none_yet=_("No Offers yet"),
        first_step=_("Has your institution solved something that others still face? Tell us."),
        start_route="new_offer",
        start_action=_("Submit an Offer"),
        help_title=_("Is this what you look for?"),
        help_text=_(
            "Tell us in a few lines. The secretariat brings you together with the institution."
        ),
        help_action=_("I am interested"),
        reason="request-offer",
        support_title=_("Type of contribution"),
        support_vocabulary="contribution-type",
        stage_vocabulary="stage-offer",
    ),
}


def place_name(code: str, organization: str) -> str:
    """Where an item comes from: its country, else its organization."""
    return country_name(code) if code else organization


def labels(vocabulary: str, codes: list[str]) -> list[str]:
    return [vocabularies.label(vocabulary, code) for code in codes]
