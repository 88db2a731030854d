"""The page of a form, as tests read it and write on it."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from submissions.models import Kind, Submission
from tests import factories
from tests.alliance.files import paper_samples

NEW = {Kind.DEMAND: "/demands/new/", Kind.OFFER: "/offers/new/"}


def shown(page: Any) -> str:
    """The page's main part without its navigation."""
    main = page.content.decode().partition("<main")[2]
    return re.sub(r"<nav.*?</nav>", "", main, flags=re.DOTALL)


def token_in(page: Any) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def edit_url(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/edit/"


def post(client: Client, address: str, kind: str = Kind.DEMAND, **changes: Any) -> Any:
    return client.post(address, factories.demand_offer_data(kind, **changes))


def document(name: str = "map.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, paper_samples.pdf(), content_type="application/pdf")


def errors_of(response: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def buttons(page: str) -> list[str]:
    """The words on the buttons that send a form, in the page's order."""
    found = re.findall(
        r"<button(?![^>]*type=\"button\")[^>]*>(.*?)</button>",
        page.partition("</main>")[0],
        re.DOTALL,
    )
    return [words.strip() for words in found]


def page_data(client: Client, submission: Submission) -> dict[str, Any]:
    """What a browser posts of the page of a draft that nobody has typed on."""
    page = client.get(edit_url(submission))
    desk = page.context["desk"]
    return submission.typed | {"version": str(desk.version), "base": desk.base, "draft": desk.token}
