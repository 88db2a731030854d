"""Pages in a language that nobody speaks: every word of ours goes through gettext."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client, override_settings

from alliance.local import pseudo
from organizations.models import User
from submissions.models import Submission
from tests import factories
from tests.rules.matrix import ask, body, new_to
from tests.rules.reading import Rows, plain_words
from tests.rules.test_queries import READERS, pages
from tests.rules.world import World

LONG = "en-xa"
# In English for builders, in local mode only.
FOR_BUILDERS = ("style", "local_mail")
LISTS = ("/demands/", "/offers/", "/organizations/", "/organizations/map/", "/library/")
STATES_OF_LISTS = [
    *(f"{path}{tail}" for path in LISTS for tail in ("", "?q=2026x", "?region=africa")),
    "/",
    "/search/",
    "/search/?q=2026x",
]


@pytest.fixture
def spoken() -> Iterator[None]:
    with override_settings(LANGUAGE_CODE=LONG, LANGUAGES=[(LONG, "Long")]):
        pseudo.speak(LONG)
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("role", READERS)
def test_no_word_of_a_page_stays_untranslated(world: World, role: str) -> None:
    client, rows, new = world.client(role), Rows(), new_to(role, READERS)
    left, seen = [], 0
    for name, path in pages(world, role):
        if f"GET {name}" in new and not name.startswith(FOR_BUILDERS):
            answer = ask(client, "GET", path)
            if answer.headers["Content-Type"].startswith("text/html"):
                seen += 1
                left += [f"{name}: {text}" for text in plain_words(body(answer), rows)]
    assert left == []
    assert seen


@pytest.mark.django_db
@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("path", STATES_OF_LISTS)
def test_no_word_of_a_list_without_rows_stays_untranslated(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert plain_words(answer.content.decode(), Rows()) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("path", ["/register/", "/connect/", "/subscribe/", "/login/"])
def test_no_word_of_what_is_wrong_stays_untranslated(client: Client, path: str) -> None:
    answer = client.post(path, {"email": "nobody"})
    assert answer.context["form"].errors
    assert plain_words(answer.content.decode(), Rows()) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(("make", "status"), [(factories.demand, 410), (factories.offer, 404)])
def test_no_word_about_what_is_gone_stays_untranslated(
    client: Client, owner: User, make: Callable[..., Submission], status: int
) -> None:
    item = make(owner, "closed" if status == 410 else "paused")
    answer = client.get(f"/{item.kind}s/{item}/")
    assert answer.status_code == status
    assert plain_words(answer.content.decode(), Rows()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "html",
    [
        "<p>Send it</p>",
        '<p>[Šéñð] <b title="Now">1</b></p>',
        "<p>[Šéñð îţ] now</p>",
        '<input type="submit" value="Send">',
        '<p><img src="a.png" alt="A map"></p>',
        "<title>Mongolia and others</title>",
    ],
)
def test_a_word_that_was_not_translated_is_found(html: str) -> None:
    assert len(plain_words(html, Rows())) == 1


@pytest.mark.django_db
def test_what_stands_in_rows_needs_no_translation() -> None:
    page = "<p>[Šéñð îţ] Mongolia, Curaçao <b>12</b> ada@example.org <del>Send</del></p>"
    assert plain_words(page, Rows()) == []
