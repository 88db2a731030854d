"""What no browser sends, into every form and behind every address: an answer, never an error page.

Fields are those of the forms that the pages show, and names that addresses take; each address is
asked as the first of the readers whom the table of access lets through to what reads the input.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qs, quote_plus, urlencode, urljoin, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from tests.rules.markup import Form, PageReader
from tests.rules.matrix import body, new_to, questions, send, table
from tests.rules.world import FILLED, World

READERS = ("visitor", "halfway", "owner", "stranger", "senior", "library-editor", "administrator")
# Turned away before anything that was sent is looked at.
REFUSED = {"login", "2fa", "proof", "none", "403", "404", "405"}
# As they travel: NUL, half of a pair of surrogates, bytes that are no text, signs that turn the
# direction or are not seen, a number beyond every column, another alphabet's minus and figures,
# what looks like markup, a template, a pattern, SQL.
VALUES = {
    "NUL": "a%00b",
    "surrogate": "%ED%A0%80",
    "bytes": "%FF%FE%C3%28",
    "unseen": quote_plus("\u202e\u2066\ufeff\u200b\x1b\x7f\u0085\U000e0001"),
    "number": "99999999999999999999999",
    "minus": quote_plus("−١٢٣"),
    "signs": quote_plus("""'"><script>{{x}}{%y%}%s%(a)s${z}`\\;--/*:*&!|<->()[]"""),
    "nothing": "",
}
# The others are refused for every address alike.
TEXTS = ("unseen", "number", "minus", "signs", "nothing")
ANYWHERE = ("q", "page", "sort", "next", "year", "theme", "draft", "_changelist_filters", "o", "p")
MEGABYTE = 1_000_000
EDGE = "--edge"
HEAD = 'Content-Disposition: form-data; name="'
# Whole bodies of multipart/form-data with something wrong about them.
MULTIPART = {
    "empty": b"",
    "no end": f'{EDGE}\r\n{HEAD}q"\r\n\r\nword'.encode(),
    "no name": f"{EDGE}\r\nContent-Disposition: form-data\r\n\r\nword\r\n{EDGE}--\r\n".encode(),
    "no head": f"{EDGE}\r\n\r\nword\r\n{EDGE}--\r\n".encode(),
    "no text": f'{EDGE}\r\n{HEAD}\xff"\r\n\r\n'.encode("latin-1") + b"\xff\xfe\r\n" + EDGE.encode(),
    "base64": f'{EDGE}\r\n{HEAD}q"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n{EDGE}--\r\n'.encode(),
    "inside": f"{EDGE}\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n{EDGE}--\r\n".encode(),
}
ENCODED = "application/x-www-form-urlencoded"
TYPES = (
    "multipart/form-data; boundary=edge",
    "multipart/form-data",
    "multipart/form-data; boundary=\u00e9",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/json",
)

Found = dict[str, list[Form]]


def forms_of(world: World, client: Client, role: str) -> tuple[Found, dict[str, set[str]]]:
    """The forms of all pages that this role reads, by the path that they are sent to; and what
    stands behind the question mark of a path's links and of its forms.
    """
    forms: Found = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    outcomes = {row.key: row.outcomes[role] for row in table()}
    for key, _address, path in questions(world):
        if not key.startswith("GET") or outcomes[key] != "ok":
            continue
        answer = send(client, "GET", path)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        for form in PageReader(body(answer)).forms:
            target = urlsplit(urljoin(path, form.action))
            if form.method == "POST":
                forms[target.path].append(form)
            else:
                names[target.path] |= form.fields.keys()
    return forms, names


def mixtures(names: Iterable[str], kinds: Sequence[str], rounds: int) -> Iterator[tuple[str, str]]:
    """What is wrong, and the fields with it: each round turns the kinds on by one."""
    fields = [quote_plus(name) for name in names] or ["q"]
    for turn in range(rounds):
        chosen = [kinds[(place + turn) % len(kinds)] for place in range(len(fields))]
        pairs = zip(fields, chosen, strict=True)
        text = "&".join(f"{name}={VALUES[kind]}" for name, kind in pairs)
        yield " ".join(chosen), text


def hostile_posts(
    forms: list[Form], filled: dict[str, str], rounds: int
) -> Iterator[tuple[str, bytes, str]]:
    """What is wrong, body and type of each request."""
    for form in forms or [Form("", "POST", ENCODED, {name: [""] for name in filled})]:
        for kind, text in mixtures(form.fields, list(VALUES), rounds):
            yield kind, text.encode(), ENCODED
        # As it was given, with one field that is too long for anything.
        given = {name: values[0] if values else "" for name, values in form.fields.items()} | filled
        for name in list(form.fields)[-1:]:
            yield "megabyte", urlencode(given | {name: MEGABYTE * "x"}).encode(), ENCODED
        if form.files:
            parts = [f'{EDGE}\r\n{HEAD}{name}"\r\n\r\na\0b\r\n' for name in form.fields]
            parts += [
                f'{EDGE}\r\n{HEAD}{name}"; filename="../\u202e\0{300 * "x"}.png"\r\n\r\n\0\r\n'
                for name in form.files
            ]
            yield "files", "".join([*parts, f"{EDGE}--\r\n"]).encode(), TYPES[0]


def hostile_queries(path: str, names: set[str], rounds: int) -> Iterator[tuple[str, str]]:
    """What is wrong, and the address with it in all that may stand behind the question mark."""
    place = urlsplit(path)
    asked = sorted({*ANYWHERE, *names, *parse_qs(place.query)})
    for kind, text in mixtures(asked, TEXTS, rounds):
        yield kind, f"{place.path}?{text}"


def is_error(answer: HttpResponseBase) -> bool:
    return answer.status_code >= 500 and "Retry-After" not in answer


@pytest.mark.django_db
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "rounds", [pytest.param(1, id="short"), pytest.param(8, id="whole", marks=pytest.mark.whole)]
)
@pytest.mark.parametrize("role", READERS)
def test_nothing_that_is_sent_ends_in_an_error_page(world: World, role: str, rounds: int) -> None:
    client = world.client(role)
    outcomes = {row.key: row.outcomes[role] for row in table()}
    new = {key for key in new_to(role, READERS) if outcomes[key] not in REFUSED}
    forms, names = forms_of(world, client, role)
    wrong = []
    for key, address, path in questions(world):
        if key not in new:
            continue
        if key.startswith("POST"):
            shown, filled = forms[urlsplit(path).path], FILLED.get(address.name, {})
            for kind, data, content_type in hostile_posts(shown, filled, rounds):
                answer = send(client, "POST", path, data, content_type)
                if is_error(answer):
                    wrong.append(f"{key} {kind}: {answer.status_code}")
        else:
            for kind, asked in hostile_queries(path, names[urlsplit(path).path], rounds):
                if is_error(answer := send(client, "GET", asked)):
                    wrong.append(f"{key} {kind}: {answer.status_code}")
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/connect/", "/login/", "/apply/"])
def test_no_body_that_cannot_be_read_ends_in_an_error_page(world: World, path: str) -> None:
    client = world.client("owner")
    sent = [(data, TYPES[0]) for data in MULTIPART.values()]
    sent += [(b"q=\xff&a[b]=1", kind) for kind in TYPES[1:]]
    sent += [("&".join(f"q{number}=1" for number in range(5000)).encode(), ENCODED)]
    wrong = [each for each in sent if is_error(send(client, "POST", path, *each))]
    assert wrong == []
    for kind, value in VALUES.items():
        answer = send(client, "GET", f"{path}?q={value}")
        expected = {400} if kind in {"NUL", "surrogate", "bytes"} else {200, 302}
        assert answer.status_code in expected, kind


@pytest.mark.django_db
def test_an_error_is_found_and_every_form_has_its_fields(world: World) -> None:
    client = world.client("visitor")
    forms, names = forms_of(world, client, "visitor")
    assert {"name", "email", "message"} <= forms["/connect/"][0].fields.keys()
    assert {"theme", "year"} <= names["/library/"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE knowledge_report RENAME TO knowledge_lost")
    assert is_error(send(client, "GET", "/library/1-rain/"))
