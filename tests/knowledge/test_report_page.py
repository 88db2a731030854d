"""A report's page: its address, its parts, and who sees it."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alliance import vocabularies
from alliance.kept_pages import forget
from knowledge.models import Report
from organizations.models import User
from tests.knowledge.factories import add_pdf, add_text, make_report

# The state, report, editions, files, related reports; these three more within a transaction.
PAGE_QUERIES = 8


@pytest.fixture
def editor(db: None) -> User:
    editor = User.objects.create_user("edith@example.org", "a long password", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_report"))
    return editor


def page(client: Client, report: Report, status: int = 200) -> str:
    response = client.get(report.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_page_takes_the_same_queries_however_much_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bare = make_report("Bare", themes=["health"])
    full = make_report(
        "Full",
        themes=["health", "education-skills"],
        regions=["africa"],
        countries=["KE", "MW"],
        sdgs=["sdg-03", "sdg-17"],
        authors=[("Cliff", "Allum", "Dr"), ("Ama", "Mensah")],
        languages=["en", "fr"],
        edition_abstract="What was found.",
    )
    add_pdf(full)
    for number in range(3):
        make_report(f"Near {number}", themes=["health"])
    vocabularies.current()
    for report in (bare, full):
        with django_assert_num_queries(PAGE_QUERIES):
            page(client, report)
        forget()
        with django_assert_num_queries(1):  # drawn already
            page(client, report)


def test_title_carries_publisher_and_year(client: Client) -> None:
    report = make_report("What Do We Know About Exchange for Development?")
    assert (
        "<h1>What Do We Know About Exchange for Development? "
        '<span class="by">(Norec, 2019)</span></h1>' in page(client, report)
    )


def test_wrong_name_in_the_address_leads_to_the_right_one(client: Client) -> None:
    report = make_report("Reading the Rain")
    right = f"/library/{report.pk}-reading-the-rain/"
    response = client.get(f"/library/{report.pk}-old-name/?language=en")
    assert (response.status_code, response["Location"]) == (301, f"{right}?language=en")
    response = client.get(f"/library/{report.pk}-Reading-the-Rain/")
    assert (response.status_code, response["Location"]) == (301, right)


def test_address_stays_when_the_title_changes(client: Client) -> None:
    report = make_report("Reading the Rain")
    report.title = "Reading the Rain, Corrected"
    report.save()
    assert report.get_absolute_url() == f"/library/{report.pk}-reading-the-rain/"


def test_title_in_any_script_gives_an_address(client: Client) -> None:
    assert make_report("南南合作").slug == "nannanhezuo"
    assert make_report("¿?").slug == "report"
    page(client, make_report("مياه الصحراء"))


def test_unknown_reports_are_not_found(client: Client) -> None:
    for number in ("4711", "99999999999999999999", "9" * 5000):
        assert client.get(f"/library/{number}-x/").status_code == 404


@pytest.mark.parametrize("status", [Report.Status.DRAFT, Report.Status.EMBARGOED])
def test_unpublished_report_is_invisible_with_all_that_belongs_to_it(
    status: Report.Status, client: Client
) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    report = make_report("Secret Title", status=status, embargoed_until=tomorrow)
    add_pdf(report)
    for tail in ("", "en.pdf", "en-v1.pdf", "cite.bib", "cite.json"):
        response = client.get(report.get_absolute_url() + tail)
        assert response.status_code == 404
        assert "Secret" not in response.content.decode()
    # Nor does a wrong name give the right one away.
    assert client.get(f"/library/{report.pk}-x/").status_code == 404


def test_editor_sees_a_draft_marked_as_one(client: Client, editor: User) -> None:
    report = make_report("Draft", status=Report.Status.DRAFT)
    version = add_pdf(report)
    client.force_login(editor)
    assert "This is a preview (Draft)." in page(client, report)
    response = client.get(version.get_absolute_url())
    assert response["Cache-Control"] == "private, no-store"


def test_staff_without_the_right_do_not_see_a_draft(client: Client) -> None:
    report = make_report("Draft", status=Report.Status.DRAFT)
    client.force_login(User.objects.create_user("ren@example.org", is_staff=True))
    page(client, report, status=404)


def test_retired_report_leaves_a_page_that_says_so(client: Client) -> None:
    report = make_report(
        "Withdrawn Words",
        status=Report.Status.RETIRED,
        retirement_note="The publisher withdrew it.",
        edition_abstract="What is no longer said.",
    )
    add_pdf(report)
    for tail in ("", "en.pdf", "en-v1.pdf", "cite.ris"):
        content = client.get(report.get_absolute_url() + tail)
        assert content.status_code == 410
        text = content.content.decode()
        assert "This report has been retired from the library." in text
        assert "The publisher withdrew it." in text
        assert "What is no longer said." not in text


def test_retired_report_leads_to_what_editors_named(client: Client) -> None:
    report = make_report("Old", status=Report.Status.RETIRED, retirement_note="Corrected.")
    better, hidden = make_report("Corrected"), make_report("Hidden", status=Report.Status.DRAFT)
    report.related.add(better, hidden)
    content = page(client, report, status=410)
    assert f'<a href="{better.get_absolute_url()}">Corrected</a> (Norec, 2019)' in content
    assert "Hidden" not in content


def test_reading_edition_is_shown_with_contents_and_without_repeating_fields(
    client: Client,
) -> None:
    report = make_report(
        edition_abstract="Kept for lists.",
        edition_key_findings="First finding\nSecond finding",
        edition_reading_html=(
            '<h2 id="abstract">Abstract</h2><p>Read here.</p>'
            '<h2 id="rain">Rain &amp; <em>wind</em></h2><p>It fell.</p>'
        ),
    )
    response = client.get(report.get_absolute_url())
    contents = [(section.id, section.title) for section in response.context["contents"]]
    assert contents == [
        ("findings", "Key findings"),
        ("abstract", "Abstract"),
        ("rain", "Rain & wind"),
    ]
    content = response.content.decode()
    body = content[content.index("<article") : content.index("</article>")]
    assert "Kept for lists." not in body
    assert body.count('id="abstract"') == 1
    assert "<li>First finding</li><li>Second finding</li>" in body


def test_digest_says_so_and_leads_to_the_publisher(client: Client) -> None:
    report = make_report(source_url="https://publisher.example/r", edition_reading_is_digest=True)
    add_pdf(report, pages=14, is_digest=True)
    content = page(client, report)
    assert "This is the Alliance's digest" in content
    assert '<a href="https://publisher.example/r" rel="noopener">publisher</a>' in content
    assert "14 pages, English. Digest by the Alliance." in content


def test_publishers_own_report_is_not_called_a_digest(client: Client) -> None:
    report = make_report()
    add_pdf(report)
    assert "digest" not in page(client, report).lower()


def test_address_can_ask_for_a_language(client: Client) -> None:
    report = make_report("Reading the Rain", languages=["en", "fr"])
    report.editions.filter(language="fr").update(title="Lire la pluie")
    address = report.get_absolute_url()
    assert "Lire la pluie" in client.get(f"{address}?language=fr").content.decode()
    assert "<h1>Reading the Rain" in client.get(f"{address}?language=xx").content.decode()
    assert client.get(f"{address}?language=%27%22%3C").status_code == 200


def test_related_reports_are_the_named_ones_then_those_on_the_same_themes(client: Client) -> None:
    report = make_report("This One", themes=["health", "youth"])
    near = make_report("Near", themes=["health"])
    nearer = make_report("Nearer", themes=["health", "youth"])
    make_report("Far", themes=["governance-peace"])
    make_report("Hidden", themes=["health", "youth"], status=Report.Status.DRAFT)
    named = make_report("Named")
    report.related.add(named)
    response = client.get(report.get_absolute_url())
    shown = [other.pk for other in response.context["related"]]
    assert shown == [named.pk, nearer.pk, near.pk]


def test_page_leads_to_connect_about_this_report(client: Client) -> None:
    report = make_report("Reading the Rain")
    assert f'href="/connect/?about=/library/{report.pk}-reading-the-rain/"' in page(client, report)


def test_scholars_find_the_tags_and_the_pdf_below_the_page(client: Client) -> None:
    report = make_report(
        'Rain "and" <Wind>', authors=[("Cliff", "Allum", "Dr"), ("", "Suharto")], doi="10.1000/182"
    )
    add_pdf(report)
    content = page(client, report)
    address = f"http://localhost:8000{report.get_absolute_url()}"
    for name, value in [
        ("citation_title", "Rain &quot;and&quot; &lt;Wind&gt;"),
        ("citation_author", "Cliff Allum"),
        ("citation_author", "Suharto"),
        ("citation_publication_date", "2019"),
        ("citation_technical_report_institution", "Norec"),
        ("citation_language", "en"),
        ("citation_doi", "10.1000/182"),
        ("citation_pdf_url", f"{address}en.pdf"),
    ]:
        assert f'<meta name="{name}" content="{value}">' in content
    assert f'<link rel="canonical" href="{address}">' in content


def test_contents_have_two_levels_unless_they_would_be_very_long(client: Client) -> None:
    def levels(number: int) -> list[tuple[str, list[str]]]:
        below = "".join(f'<h3 id="h{n}">H {n}</h3><p>It rained.</p>' for n in range(number))
        report = make_report(edition_reading_html=f'<h2 id="rain">Rain</h2>{below}')
        sections = client.get(report.get_absolute_url()).context["contents"]
        return [(section.id, [heading.id for heading in section.below]) for section in sections]

    assert levels(2) == [("rain", ["h0", "h1"])]
    assert levels(40) == [("rain", [])]


def test_what_a_report_is_about_leads_into_the_list(client: Client) -> None:
    report = make_report(
        themes=["health"],
        regions=["africa"],
        countries=["KE"],
        licence="CC BY-NC-SA 3.0 IGO",
        doi="10.1000/182",
    )
    content = page(client, report)
    for link in (
        '<a href="/library/?theme=health">Health',
        '<a href="/library/?region=africa">Africa',
        '<a href="/library/?country=KE">Kenya</a>',
        '<a href="https://creativecommons.org/licenses/by-nc-sa/3.0/igo/" rel="license noopener">'
        "CC BY-NC-SA 3.0 IGO</a>",
        '<a href="https://doi.org/10.1000/182" rel="noopener">10.1000/182</a>',
    ):
        assert link in content


def test_three_roles_are_told_apart(client: Client) -> None:
    report = make_report(
        authors=[("Ama", "Mensah")], commissioner="A ministry", performer="A consultancy"
    )
    content = page(client, report)
    for role, name in [
        ("Author", "Ama Mensah"),
        ("Publisher", "Norec"),
        ("Commissioned by", "A ministry"),
        ("Performed by", "A consultancy"),
    ]:
        assert f"<dt>{role}</dt><dd>{name}</dd>" in content


def test_all_versions_of_the_pdf_are_listed_with_their_checksums(client: Client) -> None:
    report = make_report()
    old, new = add_pdf(report, is_digest=True), add_pdf(report, pages=3, width=300)
    content = page(client, report)
    section = content[content.index('id="versions"') :]
    assert section.index(new.get_absolute_url()) < section.index(old.get_absolute_url())
    assert f'<a href="{new.get_absolute_url()}">Version 2</a> <strong>(current)</strong>' in section
    assert f'<a href="{old.get_absolute_url()}">Version 1</a></p>' in section
    assert (new.sha256 in section, old.sha256 in section) == (True, True)


def test_page_leads_into_the_text_once_it_has_been_read(client: Client) -> None:
    report = make_report()
    add_pdf(report)
    path = f"{report.get_absolute_url()}en/pages/"
    assert path not in page(client, report)
    add_text(report, "Rain.", "Wind.")
    content = page(client, report)
    assert f'<a href="{path}1/">' in content
    assert f'action="{path}"' in content


def test_page_shows_the_cover_that_was_drawn_from_the_pdf(client: Client) -> None:
    report = make_report()
    version = add_pdf(report)
    assert 'class="cover"' in page(client, report)
    version.cover = "pictures/cover.webp"
    version.save()
    content = page(client, report)
    assert f'<img src="{version.cover.url}" alt=""' in content
    assert 'class="cover"' not in content


def test_report_and_digest_are_cited_apart(client: Client) -> None:
    report = make_report(
        "Reading the Rain",
        authors=[("Ama", "Mensah")],
        source_url="https://publisher.example/r",
        edition_reading_is_digest=True,
    )
    digest = add_pdf(report, is_digest=True)
    address = f"http://localhost:8000{report.get_absolute_url()}"
    made = timezone.localdate(digest.added_at).year
    content = page(client, report)
    for cited in (
        "Mensah, A. (2019). <cite>Reading the Rain.</cite> Norec. https://publisher.example/r",
        f"UNOSSC Alliance. ({made}). <cite>Digest of Reading the Rain.</cite> {address}",
        f"UNOSSC Alliance. <cite>Digest of Reading the Rain.</cite> UNOSSC Alliance, {made}. {address}.",
    ):
        assert f"<p data-copy>{cited}</p>" in content

    add_pdf(report, width=300)  # the publisher's own
    content = page(client, report)
    assert f"Mensah, A. (2019). <cite>Reading the Rain.</cite> Norec. {address}<" in content
    assert "Digest of" not in content
