"""How a report is cited: two styles to read, three formats for reference managers.

Sources: Publication Manual of the APA (7th edition) sections 9 and 10.4, Chicago Manual of Style
(17th edition) chapter 14, RIS (Clarivate, 2012), CSL-JSON (citation-style-language/schema 1.0.2).
Titles keep the publisher's capitals: a program cannot tell a name from a noun.

Where the library holds only its own digest, the report and the digest are two works (ADR 0044).
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Self

from anyascii import anyascii
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from knowledge.models import Edition, Report, ReportAuthor

# Whose work a digest is.
ALLIANCE = "UNOSSC Alliance"
_APA_MOST_AUTHORS = 20
_CHICAGO_MOST_AUTHORS = 10
_CHICAGO_FIRST_AUTHORS = 7
_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {character: f"\\{character}" for character in "{}$&#_%"}


@dataclass(frozen=True)
class Source:
    """What a citation is made of. `group` stands for the authors where no person is named."""

    authors: list[ReportAuthor]
    group: str
    title: str
    year: int | None
    publisher: str
    place: str
    series: str
    doi: str
    isbn: str
    url: str
    language: str

    @classmethod
    def of(cls, report: Report, edition: Edition | None) -> Self:
        """The report in the language of `edition`, with the address at which it is read.

        That is ours, but the publisher's where there is only a digest of it here.
        """
        is_elsewhere = edition is not None and edition.is_digest and report.source_url
        return cls(
            authors=report.people,
            group=report.performer or report.publisher,
            title=whole_title((edition or report).title, (edition or report).subtitle),
            year=report.year,
            publisher=report.publisher,
            place=report.place,
            series=report.series,
            doi=report.doi,
            isbn=report.isbn,
            url=report.source_url if is_elsewhere else _address(report),
            language=edition.language if edition else "",
        )

    @classmethod
    def of_digest(cls, report: Report, edition: Edition) -> Self:
        """The Alliance's digest in `edition`, as a work of its own, of the year it was made."""
        file = edition.current_file
        made = localdate(file.added_at) if file else localdate(report.created_at)
        return cls(
            authors=[],
            group=ALLIANCE,
            title=f"Digest of {whole_title(edition.title, edition.subtitle)}",
            year=made.year,
            publisher=ALLIANCE,
            place="",
            series="",
            doi="",
            isbn="",
            url=_address(report),
            language=edition.language,
        )

    @property
    def link(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def key(self) -> str:
        """A short name for the entry, in ASCII: `allum2019`."""
        name = self.authors[0].family_name if self.authors else self.group
        return re.sub(r"[^a-z0-9]", "", anyascii(name).lower()) + str(self.year or "")


def apa(source: Source) -> SafeString:
    """APA, as HTML: `Allum, C. (2019). <cite>Title.</cite> Norec. https://…`"""
    names = [_apa_name(author) for author in source.authors]
    if len(names) > _APA_MOST_AUTHORS:
        who = f"{', '.join(names[:19])}, … {names[-1]}"
    else:
        who = _joined(names, ", & ") or source.group
    # A publisher that is the author is not named twice.
    publisher = "" if who == source.publisher else f" {_ended(source.publisher)}"
    return format_html(
        "{} ({}). <cite>{}</cite>{} {}",
        _ended(who),
        source.year or "n.d.",
        _ended(source.title),
        publisher,
        source.link,
    )


def chicago(source: Source) -> SafeString:
    """Chicago, bibliography style, as HTML: `Allum, Cliff. <cite>Title.</cite> Førde: Norec, 2019.`"""
    names = [inverted(source.authors[0])] if source.authors else []
    names += [author.name for author in source.authors[1:]]
    if len(names) > _CHICAGO_MOST_AUTHORS:
        who = f"{', '.join(names[:_CHICAGO_FIRST_AUTHORS])}, et al."
    else:
        who = _joined(names, ", and ") or source.group
    publisher = ": ".join(part for part in (source.place, source.publisher) if part)
    return format_html(
        "{} <cite>{}</cite> {} {}.",
        _ended(who),
        _ended(source.title),
        _ended(f"{publisher}, {source.year or 'n.d.'}"),
        source.link,
    )


def bibtex(source: Source) -> str:
    """A `techreport` entry; what is not known is left out."""
    names = " and ".join(_escaped(inverted(author)) for author in source.authors)
    fields = {
        # Double braces keep a name, or capitals, as they are.
        "author": names or f"{{{_escaped(source.group)}}}",
        "title": f"{{{_escaped(source.title)}}}",
        "institution": _escaped(source.publisher),
        "address": _escaped(source.place),
        "year": str(source.year or ""),
        "series": _escaped(source.series),
        "doi": source.doi,
        "isbn": source.isbn,
        "url": source.url,
        "language": source.language,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@techreport{" + ",\n".join([source.key, *lines]) + "\n}\n"


def ris(source: Source) -> str:
    """One RPRT record, its lines ended by CR LF."""
    authors = [inverted(author) for author in source.authors] or [source.group]
    lines = [
        ("TY", "RPRT"),
        *(("AU", name) for name in authors),
        ("TI", source.title),
        ("PY", str(source.year or "")),
        ("PB", source.publisher),
        ("CY", source.place),
        ("T3", source.series),
        ("DO", source.doi),
        ("SN", source.isbn),
        ("LA", source.language),
        ("UR", source.url),
    ]
    written = [f"{tag}  - {_on_one_line(value)}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", ""])


def csl_json(source: Source) -> str:
    """A list with one item of type `report`."""
    item: dict[str, Any] = {
        "id": source.key,
        "type": "report",
        "title": source.title,
        "author": [_csl_name(author) for author in source.authors] or [{"literal": source.group}],
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "publisher": source.publisher,
        "publisher-place": source.place,
        "collection-title": source.series,
        "DOI": source.doi,
        "ISBN": source.isbn,
        "URL": source.url,
        "language": source.language,
    }
    known = {name: value for name, value in item.items() if value}
    return json.dumps([known], ensure_ascii=False, indent=2) + "\n"


def _address(report: Report) -> str:
    return settings.SITE_URL + report.get_absolute_url()


def whole_title(title: str, subtitle: str) -> str:
    """Title and subtitle in one line."""
    if not subtitle:
        return title
    return f"{title}{'' if title.endswith(('?', '!', ':')) else ':'} {subtitle}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def inverted(author: ReportAuthor) -> str:
    """The name as lists sort it: `Allum, Cliff`."""
    return ", ".join(name for name in (author.family_name, author.given_name) if name)


def _apa_name(author: ReportAuthor) -> str:
    """`Allum, C.`; `Sartre, J.-P.` keeps its hyphen."""
    parts = [
        "-".join(f"{half[0]}." for half in name.split("-") if half)
        for name in author.given_name.split()
    ]
    return ", ".join(part for part in (author.family_name, " ".join(parts)) if part)


def _joined(names: list[str], last: str) -> str:
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _csl_name(author: ReportAuthor) -> dict[str, str]:
    name = {"family": author.family_name, "given": author.given_name}
    return {part: text for part, text in name.items() if text}


def _escaped(text: str) -> str:
    return "".join(_BIBTEX_SPECIAL.get(character, character) for character in _on_one_line(text))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
