"""Citations, to the letter."""

import json
from typing import Any

import pytest
from django.test import Client

from knowledge.citations import Source, apa, bibtex, chicago, csl_json, ris
from knowledge.models import Report
from tests.knowledge.factories import make_report


def source(title: str = "Reading the Rain", **given: Any) -> Source:
    pk = make_report(title, **given).pk
    report = Report.objects.with_people().get(pk=pk)
    return Source.of(report, report.editions.first())


def address(source: Source) -> str:
    number = Report.objects.get().pk
    slug = Report.objects.get().slug
    assert source.url == f"http://localhost:8000/library/{number}-{slug}/"
    return source.url


def test_person_as_author() -> None:
    cited = source(
        "What Do We Know About Exchange for Development?",
        subtitle="Learning, Institutional Knowledge & Exchanges",
        authors=[("Cliff", "Allum", "Dr")],
        place="Førde",
    )
    url = address(cited)
    title = (
        "What Do We Know About Exchange for Development? "
        "Learning, Institutional Knowledge &amp; Exchanges."
    )
    assert apa(cited) == f"Allum, C. (2019). <cite>{title}</cite> Norec. {url}"
    assert chicago(cited) == f"Allum, Cliff. <cite>{title}</cite> Førde: Norec, 2019. {url}."
    assert bibtex(cited) == (
        "@techreport{allum2019,\n"
        "  author = {Allum, Cliff},\n"
        "  title = {{What Do We Know About Exchange for Development? "
        "Learning, Institutional Knowledge \\& Exchanges}},\n"
        "  institution = {Norec},\n"
        "  address = {Førde},\n"
        "  year = {2019},\n"
        f"  url = {{{url}}},\n"
        "  language = {en}\n"
        "}\n"
    )


def test_no_person_and_no_performer() -> None:
    cited = source("Study of Government Institutions Exchange of Staff")
    url = address(cited)
    title = "<cite>Study of Government Institutions Exchange of Staff.</cite>"
    assert apa(cited) == f"Norec. (2019). {title} {url}"
    assert chicago(cited) == f"Norec. {title} Norec, 2019. {url}."
    assert ris(cited) == (
        "TY  - RPRT\r\n"
        "AU  - Norec\r\n"
        "TI  - Study of Government Institutions Exchange of Staff\r\n"
        "PY  - 2019\r\n"
        "PB  - Norec\r\n"
        "LA  - en\r\n"
        f"UR  - {url}\r\n"
        "ER  - \r\n"
    )
    assert json.loads(csl_json(cited)) == [
        {
            "id": "norec2019",
            "type": "report",
            "title": "Study of Government Institutions Exchange of Staff",
            "author": [{"literal": "Norec"}],
            "issued": {"date-parts": [[2019]]},
            "publisher": "Norec",
            "URL": url,
            "language": "en",
        }
    ]


def test_performer_stands_for_the_authors() -> None:
    cited = source(performer="Rain & Co.", year=None, doi="10.1000/182", isbn="9788200000000")
    assert apa(cited) == (
        "Rain &amp; Co. (n.d.). <cite>Reading the Rain.</cite> Norec. https://doi.org/10.1000/182"
    )
    assert chicago(cited) == (
        "Rain &amp; Co. <cite>Reading the Rain.</cite> Norec, n.d. https://doi.org/10.1000/182."
    )
    assert "author = {{Rain \\& Co.}}" in bibtex(cited)
    assert bibtex(cited).startswith("@techreport{rainco,\n")
    [item] = json.loads(csl_json(cited))
    assert "issued" not in item
    assert (item["DOI"], item["ISBN"]) == ("10.1000/182", "9788200000000")


def test_several_authors() -> None:
    cited = source(
        authors=[("Jean-Paul", "Sartre"), ("Ama Esi", "Mensah", "Prof."), ("", "Suharto")],
        year=2020,
    )
    assert apa(cited).startswith("Sartre, J.-P., Mensah, A. E., &amp; Suharto. (2020).")
    assert chicago(cited).startswith("Sartre, Jean-Paul, Ama Esi Mensah, and Suharto. <cite>")
    assert "author = {Sartre, Jean-Paul and Mensah, Ama Esi and Suharto}" in bibtex(cited)
    assert "AU  - Sartre, Jean-Paul\r\nAU  - Mensah, Ama Esi\r\nAU  - Suharto\r\n" in ris(cited)
    assert json.loads(csl_json(cited))[0]["author"][2] == {"family": "Suharto"}


def test_many_authors_are_shortened() -> None:
    cited = source(authors=[("A", f"Name{number}") for number in range(1, 22)])
    assert "Name19, A., … Name21, A. (2019)" in apa(cited)
    assert "Name20" not in apa(cited)
    assert chicago(cited).startswith("Name1, A, A Name2, A Name3, A Name4, A Name5, A Name6, ")
    assert "A Name7, et al. <cite>" in chicago(cited)


def test_hostile_titles_break_no_format() -> None:
    cited = source("50 % of {A_B} & \\C\\ <script>\nTY  - BOOK", languages=["en"])
    assert "<script>" not in apa(cited)
    assert "title = {{50 \\% of \\{A\\_B\\} \\& \\textbackslash{}C\\textbackslash{}" in bibtex(
        cited
    )
    assert [line for line in ris(cited).split("\r\n") if line.startswith("TY")] == ["TY  - RPRT"]


def test_title_in_the_language_of_the_edition() -> None:
    report = make_report("Reading the Rain", languages=["en", "fr"])
    report.editions.filter(language="fr").update(title="Lire la pluie", subtitle="Un guide")
    report = Report.objects.with_people().get(pk=report.pk)
    cited = Source.of(report, report.editions.get(language="fr"))
    assert "<cite>Lire la pluie: Un guide.</cite>" in apa(cited)


@pytest.mark.parametrize(
    ("extension", "content_type", "begins"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "@techreport{norec2019,"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - RPRT\r\n"),
        ("json", "application/vnd.citationstyles.csl+json; charset=utf-8", "[\n"),
    ],
)
def test_citation_can_be_downloaded(
    extension: str, content_type: str, begins: str, client: Client
) -> None:
    report = make_report()
    response = client.get(f"{report.get_absolute_url()}cite.{extension}")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == (
        f'attachment; filename="reading-the-rain.{extension}"'
    )
    assert response.content.decode().startswith(begins)


def test_unknown_format_is_not_found(client: Client) -> None:
    report = make_report(edition=False)
    assert client.get(f"{report.get_absolute_url()}cite.exe").status_code == 404
    assert client.get(f"{report.get_absolute_url()}cite.bib").status_code == 200
