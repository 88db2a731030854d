"""A reader remembers a sentence: it is found inside a PDF, read there, downloaded and cited."""

import time

from playwright.sync_api import Page, expect

from tests.portal import Portal

# An editor's work, whose own pages have a journey of their own.
PUBLISH = """
from knowledge.actions.moves import publish_report
from knowledge.importing import add_version
from knowledge.models import Edition, Report, ReportAuthor
from tests.knowledge.pdfs import opened, typeset

leaves = ["The river rose in March.", "Nine weavers of Mzuzu kept the old programme alive.", "It fell."]
report = Report.objects.create(title="Looms along the River", publisher="Norec", year=2021, licence="CC BY 4.0")
ReportAuthor.objects.create(report=report, given_name="Ama", family_name="Mensah")
edition = Edition.objects.create(report=report, language="en", abstract="About looms.")
add_version(edition, pdf=opened(typeset("#pagebreak()".join(leaves))), is_digest=False, by=None)
publish_report(report, by=None)
"""
FOUND = "/library/?q=weavers+of+the+programs"
LONGEST_READING = 60  # seconds


def test_a_sentence_inside_a_pdf_is_found_read_downloaded_and_cited(
    portal: Portal, page: Page
) -> None:
    portal.run(PUBLISH)
    wait_until_read(portal)

    page.goto(f"{portal.url}/library/")
    page.get_by_role("searchbox").fill("weavers programs")
    page.get_by_role("button", name="Search").first.click()
    entry = page.get_by_role("listitem").filter(has_text="Looms along the River")
    expect(entry.locator("mark")).to_have_text(["weavers", "programme"])
    entry.get_by_role("link", name="Page 2").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Page 2 of 3")
    article = page.locator("article")
    expect(article).to_have_text("Nine weavers of Mzuzu kept the old programme alive.")
    expect(article.locator("mark")).to_have_text(["weavers", "programme"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF.").click()
    assert download.value.suggested_filename == "looms-along-the-river-en.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    page.get_by_role("link", name="To the report").click()
    cite = page.get_by_role("region", name="Cite this report")
    expect(cite).to_contain_text("Mensah, A. (2021). Looms along the River. Norec.")
    cite.get_by_text("BibTeX", exact=True).click()
    with page.expect_download() as download:
        cite.get_by_role("link", name="Download BibTeX").click()
    assert "author = {Mensah, Ama}" in download.value.path().read_text()


def wait_until_read(portal: Portal) -> None:
    """Until the worker has read the PDF, and the index its words."""
    deadline = time.monotonic() + LONGEST_READING
    while "Looms along the River" not in portal.get(FOUND):
        assert time.monotonic() < deadline, "the worker has not read the PDF"
        time.sleep(1)
