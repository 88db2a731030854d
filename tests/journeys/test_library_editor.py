"""A library editor, from a PDF on their computer to a report that readers find."""

import re
import secrets
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.steps import press
from tests.knowledge.pdfs import typeset
from tests.portal import EDITOR, Portal

SENTENCE = "The herons of the northern delta were counted by schools every spring."


def test_editor_drops_a_pdf_and_publishes_what_readers_then_find(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    name = f"Herons {secrets.token_hex(4)}"
    portal.log_in(page, EDITOR)
    drop(page, portal, tmp_path / f"{name}.pdf")
    see_it_read(page, name)
    fill_in_what_is_missing(page, name)
    address = preview(page, name)
    publish(page)
    find_it(page, portal, address, name)


def drop(page: Page, portal: Portal, pdf: Path) -> None:
    """The field takes it as if it had been dropped; a script sends it ahead of the form."""
    pdf.write_bytes(typeset(SENTENCE))
    page.goto(f"{portal.url}/admin/knowledge/report/")
    page.get_by_role("link", name="Add reports from PDFs").click()
    page.wait_for_load_state()  # the script that sends it ahead has begun
    page.get_by_label("PDF files").set_input_files(pdf)
    expect(page.locator(".files")).to_contain_text("kept")
    press(page, "Make drafts")
    expect(page.locator(".messagelist")).to_contain_text("1 draft was made.")


def see_it_read(page: Page, name: str) -> None:
    """The page refreshes by itself until the worker has read the file."""
    row = page.locator("tr", has=page.get_by_role("link", name=name))
    expect(row).to_contain_text("Read: 1 page", timeout=60_000)
    row.get_by_role("link").click()


def fill_in_what_is_missing(page: Page, name: str) -> None:
    lacking = page.locator("section", has=page.get_by_role("heading", name="In the library"))
    expect(lacking.get_by_role("listitem")).to_have_text(
        [
            "The publisher.",
            "An abstract in English.",
            "The licence, or the address at the publisher.",
        ]
    )
    page.get_by_label("Publisher:", exact=True).fill("Delta Press")
    page.get_by_label("Licence:", exact=True).fill("CC BY 4.0")
    page.get_by_role("textbox", name="Abstract:").fill("About herons.")


def preview(page: Page, name: str) -> str:
    """The page as readers will see it; nobody else can open it yet."""
    press(page, "Save and preview")
    expect(page.get_by_text("This is a preview")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    address = page.url
    assert page.request.get(address).status == 200
    stranger = page.context.browser
    assert stranger is not None
    visitor = stranger.new_context()
    assert visitor.request.get(address).status == 404
    visitor.close()
    page.get_by_role("link", name="Back to the form").click()
    return address


def publish(page: Page) -> None:
    press(page, "Publish")
    expect(page.locator(".messagelist")).to_contain_text("Published. Readers find it from now on.")


def find_it(page: Page, portal: Portal, address: str, name: str) -> None:
    """A visitor finds it by a word that stands in the PDF alone."""
    browser = page.context.browser
    assert browser is not None
    visitor = browser.new_page()
    visitor.goto(f"{portal.url}/library/?q=herons+delta")
    expect(visitor.get_by_role("main")).to_contain_text(name)
    visitor.goto(address)
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(re.compile(name))
    expect(visitor.get_by_role("link", name="Download PDF.")).to_be_visible()
    expect(visitor.get_by_text("This is a preview")).to_have_count(0)
    visitor.context.close()
