"""What the forms are called and ask, in the client's own words; translations hang on them.

Headings and labels that the client does not give are only grouped and named by us: the sections
before the third of the application, the fields that an answer opens, and what asks for the kind of
support, links and documents.
"""

from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from submissions.models import Kind

Sections = tuple[tuple[Text, tuple[str, ...]], ...]

FORM_TITLES: dict[str, Text] = {
    Kind.EXPRESSION_OF_INTEREST: _("Alliance Application Form"),
    Kind.DEMAND: _("Submission of Demand Form"),
    Kind.OFFER: _("Submission of Offer Form"),
}

APPLICATION_LABELS: dict[str, Text] = {
    "name": _(
        "1. Official name of organization / institution / government entity (exclusions to apply)"
    ),
    "country": _("2. Country"),
    "region": _("3. Region"),
    "sdgs": _("4. SDG"),
    "partner_category": _("5. Partner category"),
    "partner_category_other": _("Partner category, other"),
    "website": _("6. Website"),
    "description": _("7. Brief description of your institution (max. 150 words)"),
    "lead_name": _("Name for the Lead"),
    "lead_title": _("Title for the Lead"),
    "lead_email": _("Email address for the Lead"),
    "co_lead_name": _("Name for the co-lead"),
    "co_lead_title": _("Title for the co-lead"),
    "co_lead_email": _("Email address for the co-lead"),
    "interest": _("Section 3. Expression of Interest in the Alliance"),
}

LOGO_LABEL = _("Organization logo")
DECLARATION_TITLE = _("Section 4. Due Diligence and Integrity Declaration")

FOCUS_TITLE = _("Thematic and Geographic Focus")
MODALITIES_TITLE = _("Proposed Engagement Modalities")
OUTCOMES_TITLE = _("Expected Outcomes")
TIMELINE_TITLE = _("Timeline and Readiness (if applicable)")
ADDITIONAL_TITLE = _("Additional Information")
ATTACHMENTS_LABEL = _("Documents")

_BOTH_LABELS: dict[str, Text] = {
    "themes": _("A. Thematic Areas (select up to three)"),
    "themes_other": _("Thematic area, other"),
    "geography": _("B. Geographic Focus (select all that apply)"),
    "countries": _("Countries"),
    "modalities": _(
        "Please indicate how you would like to engage through the Alliance (select all that apply):"
    ),
    "modalities_other": _("Engagement modality, other"),
    "timeframe": _("1. Expected timeframe for engagement:"),
    "stage": _("2. Current stage:"),
    "additional": _(
        "Please provide any additional information, documents, or links relevant to this "
        "submission. (Max. 200 words or upload link)"
    ),
    "links": _("Links"),
    "attachments": ATTACHMENTS_LABEL,
}

DEMAND_LABELS: dict[str, Text] = {
    "support": _("Type of support"),
    "support_other": _("Type of support, other"),
    "description": _("Please briefly describe the challenge, gap, or priority. (Max. 300 words)"),
    "outcomes": _(
        "Please indicate the main results you seek to achieve through this engagement. "
        "(Max. 200 words)"
    ),
    **_BOTH_LABELS,
}

OFFER_LABELS: dict[str, Text] = {
    "support": _("Type of contribution"),
    "support_other": _("Type of contribution, other"),
    "description": _("Please briefly describe your proposed contribution. (Max. 300 words)"),
    "outcomes": _(
        "Please indicate the main results you aim to achieve through this engagement. "
        "(Max. 200 words)"
    ),
    **_BOTH_LABELS,
}

LABELS: dict[str, dict[str, Text]] = {
    Kind.EXPRESSION_OF_INTEREST: APPLICATION_LABELS,
    Kind.DEMAND: DEMAND_LABELS,
    Kind.OFFER: OFFER_LABELS,
}

_APPLICATION_SECTIONS: Sections = (
    (
        _("Your institution"),
        (
            "name",
            "country",
            "region",
            "sdgs",
            "partner_category",
            "partner_category_other",
            "website",
            "description",
        ),
    ),
    (
        _("Contacts"),
        (
            "lead_name",
            "lead_title",
            "lead_email",
            "co_lead_name",
            "co_lead_title",
            "co_lead_email",
        ),
    ),
    (APPLICATION_LABELS["interest"], ("interest",)),
)


def _demand_or_offer_sections(description_title: Text) -> Sections:
    return (
        (description_title, ("support", "support_other", "description")),
        (FOCUS_TITLE, ("themes", "themes_other", "geography", "countries")),
        (MODALITIES_TITLE, ("modalities", "modalities_other")),
        (OUTCOMES_TITLE, ("outcomes",)),
        (TIMELINE_TITLE, ("timeframe", "stage")),
        (ADDITIONAL_TITLE, ("additional", "links")),
    )


# The form's headings with the fields below them, in its order.
SECTIONS: dict[str, Sections] = {
    Kind.EXPRESSION_OF_INTEREST: _APPLICATION_SECTIONS,
    Kind.DEMAND: _demand_or_offer_sections(_("Description of Demand")),
    Kind.OFFER: _demand_or_offer_sections(_("Description of Contribution")),
}
