"""What is drawn as text travels compressed, and nothing else does."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory

from alliance.compression import PageCompression

COMPRESSION = PageCompression(lambda _request: HttpResponse())
TEXT = "Rain gauges, village radios. " * 100


@pytest.mark.django_db
def test_a_page_is_compressed_for_a_browser_that_takes_it() -> None:
    plain = Client().get("/about/")
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    sent = Client().get("/about/", HTTP_ACCEPT_ENCODING="gzip, br")
    assert sent.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent.content) == plain.content
    assert int(sent.headers["Content-Length"]) == len(sent.content) < len(plain.content) / 2


@pytest.mark.django_db
def test_the_length_of_a_page_tells_nothing_of_what_is_in_it() -> None:
    client = Client()
    sizes = {len(client.get("/about/", HTTP_ACCEPT_ENCODING="gzip").content) for _time in range(9)}
    assert len(sizes) > 1


@pytest.mark.parametrize(
    ("kind", "is_smaller"),
    [
        ("text/html; charset=utf-8", True),
        ("application/atom+xml", True),
        ("application/pdf", False),
    ],
)
def test_text_alone_is_compressed(kind: str, is_smaller: bool) -> None:
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING="gzip")
    response = COMPRESSION.process_response(request, HttpResponse(TEXT, content_type=kind))
    assert ("Content-Encoding" in response.headers) is is_smaller


def test_a_file_is_sent_as_it_is() -> None:
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING="gzip")
    answer = FileResponse([TEXT.encode()], content_type="text/html")
    assert COMPRESSION.process_response(request, answer) is answer
    assert "Content-Encoding" not in answer.headers
