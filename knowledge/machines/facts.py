"""What several of the formats for machines say of a report in the same way."""

import re
from urllib.parse import quote

from django.conf import settings

from knowledge.models import Edition, EditionFile, Report

_CREATIVE_COMMONS = re.compile(r"CC[ -](BY(?:-(?:NC|SA|ND|NC-SA|NC-ND))?)[ -]([1-4]\.[0-9])", re.I)


def address(report: Report) -> str:
    return settings.SITE_URL + report.get_absolute_url()


def cite_as(report: Report) -> str:
    """The address by which the report is to be named: its DOI, or its page here."""
    return (
        f"https://doi.org/{quote(report.doi, safe='/:;()._-')}" if report.doi else address(report)
    )


def files(report: Report) -> list[tuple[Edition, EditionFile]]:
    """The PDF of each edition that readers get."""
    current = [(edition, edition.current_file) for edition in report.editions.all()]
    return [(edition, file) for edition, file in current if file and file.may_be_handed_out]


def licence_address(licence: str) -> str:
    """Where the text of a licence stands: `CC BY 4.0` has an address, as one that is one has."""
    if licence.startswith(("https://", "http://")):
        return quote(licence, safe=":/?&=#%._-~")
    if found := _CREATIVE_COMMONS.fullmatch(licence.strip()):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    if licence.strip().upper() == "CC0 1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return ""
