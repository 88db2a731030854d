"""Several documents in one field, in a browser: sent one after another, ahead of their form."""

import json
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.alliance.files import paper_samples as papers
from tests.portal import MEMBER, Portal

pytestmark = pytest.mark.browser_context_args(reduced_motion="reduce")

MB = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents and a program that says that it is one."""
    for number, name in enumerate(("plan.docx", "budget.xlsx", "talk.pptx")):
        padding = random.Random(number).randbytes(3 * MB)
        more: papers.Parts = {"docProps/padding.jpeg": b"\xff\xd8\xff" + padding}
        (tmp_path / name).write_bytes(papers.office(name[-4:], more))
    (tmp_path / "setup.pdf").write_bytes(b"MZ" + bytes(5000))
    return tmp_path


def documents(page: Page) -> Locator:
    return page.locator(
        "#fresh .field, .field", has=page.locator("input[type=file][multiple]")
    ).first


def choose(page: Page, *paths: Path) -> None:
    documents(page).locator("input[type=file]").set_input_files(list(paths))


def kept(page: Page) -> Locator:
    return documents(page).get_by_role("listitem").filter(has_text=re.compile(r"MB, kept"))


def test_documents_follow_each_other_and_a_refused_one_holds_up_none(
    portal: Portal, page: Page, folder: Path
) -> None:
    page.goto(f"{portal.url}/style/")
    choose(page, folder / "plan.docx", folder / "setup.pdf", folder / "budget.xlsx")
    expect(kept(page)).to_have_count(2, timeout=30_000)
    expect(kept(page).first).to_contain_text("plan.docx")
    refused = documents(page).get_by_role("listitem").filter(has_text="setup.pdf")
    expect(refused).to_contain_text("This file is a program")
    choose(page, folder / "talk.pptx")
    expect(kept(page)).to_have_count(3, timeout=30_000)
    field = documents(page)
    assert field.locator("input[name$=-held]").count() == 3
    assert field.locator("input[name$=-refused-name]").input_value() == "setup.pdf"
    refused.get_by_role("button").click()
    expect(refused).to_have_count(0)
    assert field.locator("input[name$=-refused]").count() == 0


def test_document_that_waits_for_its_turn_can_be_taken_back(
    portal: Portal, page: Page, folder: Path
) -> None:
    def hold(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.goto(f"{portal.url}/style/")
    page.route("**/append/", hold)
    choose(page, folder / "plan.docx", folder / "budget.xlsx", folder / "talk.pptx")
    waits = documents(page).get_by_role("listitem").filter(has_text="budget.xlsx")
    expect(waits).to_contain_text("Waits for the files before it.")
    waits.get_by_role("button").click()
    expect(kept(page)).to_have_count(2, timeout=30_000)
    assert "budget.xlsx" not in (documents(page).text_content() or "")


def test_document_cut_by_a_reload_goes_on_where_it_stopped(
    portal: Portal, page: Page, folder: Path
) -> None:
    page.goto(f"{portal.url}/style/")
    appended = []

    def stop_after_one(route: Route) -> None:
        appended.append(len(route.request.post_data_buffer or b""))
        if len(appended) > 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/append/", stop_after_one)
    choose(page, folder / "plan.docx")
    expect(documents(page)).to_contain_text("The connection is lost", timeout=30_000)
    before = appended[0]
    page.unroute("**/append/")
    page.reload()
    expect(documents(page)).to_contain_text("Choose the same file again to go on")
    sent = []
    page.on(
        "request",
        lambda request: (
            sent.append(len(request.post_data_buffer or b""))
            if request.url.endswith("/append/")
            else None
        ),
    )
    choose(page, folder / "plan.docx")
    expect(kept(page)).to_have_count(1, timeout=30_000)
    assert sum(sent) == (folder / "plan.docx").stat().st_size - before


def test_more_documents_than_fit_are_refused_in_the_page(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    paths = []
    for number in range(11):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(papers.office(more={"word/media/a.txt": json.dumps(number)}))
        paths.append(path)
    page.goto(f"{portal.url}/style/")
    choose(page, *paths)
    expect(documents(page).locator("input[name$=-held]")).to_have_count(10, timeout=60_000)
    last = documents(page).get_by_role("listitem").filter(has_text="10.docx")
    expect(last).to_contain_text("There can be 10 files.")


def test_a_document_belongs_to_the_draft_as_soon_as_it_has_arrived(
    portal: Portal, page: Page, folder: Path
) -> None:
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/demands/new/")
    page.locator("input[type=file]").set_input_files(folder / "plan.docx")
    has_arrived = page.locator("[data-documents] li").filter(has_text="plan.docx")
    # Somebody who never stops typing: their text alone would wait for a pause.
    for number in range(30):
        page.get_by_label("Please briefly describe the challenge").fill(f"Word {number}")
        page.wait_for_timeout(300)
        if has_arrived.count():
            break
    assert has_arrived.count() == 1
