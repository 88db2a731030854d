"""What a form does while it is filled in: fields that follow others, and limits that count down."""

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD
from tests.journeys.owners import make_owner
from tests.portal import MEMBER, Portal

OWNER = "wanjiru.fields@example.org"


def test_region_statements_and_words_follow_the_answers_that_they_depend_on(
    portal: Portal, page: Page
) -> None:
    make_owner(portal, OWNER, "Institute of Following Fields")
    portal.log_in(page, OWNER, PASSWORD)
    page.goto(f"{portal.url}/apply/")
    region = page.locator("[name=region]")
    for country, expected in (("BD", "asia-pacific"), ("MW", "africa")):
        page.locator("[name=country]").select_option(country)
        expect(region).to_have_value(expected)

    statements = page.locator("[data-applies-to]").all()
    # They do not all apply to everybody, so some are hidden below.
    assert len({row.get_attribute("data-applies-to") for row in statements}) > 1
    own_words = page.locator("[name=partner_category_other]")
    for category in ("government", "private-sector", "other"):
        page.locator("[name=partner_category]").select_option(category)
        for statement in statements:
            is_asked = category in str(statement.get_attribute("data-applies-to")).split()
            expect(statement).to_be_visible(visible=is_asked)
        expect(own_words).to_be_visible(visible=category == "other")


def test_words_and_choices_are_counted_down_and_over(portal: Portal, page: Page) -> None:
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/demands/new/")
    description = page.locator("textarea[name=description]")
    count = page.locator(".field", has=description).locator(".count")
    limit = int(str(count.get_attribute("data-limit")))
    for words, left in ((1, limit - 1), (limit, 0), (limit + 2, -2)):
        description.fill("word " * words)
        said = str(count.get_attribute("data-over" if left < 0 else "data-left"))
        expect(count.locator("span").last).to_have_text(said.replace("{n}", str(abs(left))))
        expect(count).to_have_class("count over" if left < 0 else "count")
    assert description.input_value() == "word " * (limit + 2)
    field = page.locator(".field", has=page.locator("[name=themes]")).last
    boxes = field.locator("[name=themes]")
    most = int(str(field.locator(".count").get_attribute("data-limit")))
    for box in boxes.all()[: most + 1]:
        box.check()
    expect(field.locator(".count")).to_have_class("count over")
    expect(boxes.nth(most)).to_be_checked()
