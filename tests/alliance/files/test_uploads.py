import io
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import ResolverMatch, resolve
from pytest_django.fixtures import Settings

from alliance.files.sizes import GB, MB
from alliance.files.uploads import (
    RefusedUpload,
    RequestSizeMiddleware,
    Several,
    StreamedUpload,
    accepted_files,
    accepts_files,
)
from tests.alliance.files import samples
from tests.alliance.files.pages import LIMIT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alliance.files.pages")]

TOO_LARGE = "This file is too large. Maximum file size: 1 MB."


class Body(io.RawIOBase):
    """A request's body that is never whole in memory; counts what was read of it."""

    def __init__(self, *parts: tuple[bytes, int]) -> None:
        self.parts = self._pieces(parts)
        self.rest = b""
        self.was_read = 0

    @staticmethod
    def _pieces(parts: tuple[tuple[bytes, int], ...]) -> Iterator[bytes]:
        for content, times in parts:
            for _ in range(times):
                yield content

    def read(self, size: int = -1) -> bytes:
        self.rest = self.rest or next(self.parts, b"")
        piece, self.rest = self.rest[:size], self.rest[size:]
        self.was_read += len(piece)
        return piece


def file_part(name: str, filename: str = "logo.png") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"'
    return (head + "\r\nContent-Type: image/png\r\n\r\n").encode()


END = f"\r\n--{BOUNDARY}--\r\n".encode()


def sent(
    path: str, content: bytes | None = None, body: Body | None = None, **data: object
) -> WSGIRequest:
    """The request as a view sees it, with its body not yet read."""
    if content is None:
        content = encode_multipart(BOUNDARY, data)
    request = RequestFactory().generic("POST", path, b"-", content_type=MULTIPART_CONTENT)
    request.META["CONTENT_LENGTH"] = str(2**40 if body else len(content))
    request._stream = cast(BinaryIO, body or io.BytesIO(content))
    request.resolver_match = resolve(path)
    return request


def goes_to(request: HttpRequest, view: Callable[..., Any]) -> None:
    request.resolver_match = ResolverMatch(view, (), {})


def file_of(request: HttpRequest, name: str = "logo") -> UploadedFile:
    upload = request.FILES[name]
    assert isinstance(upload, UploadedFile)
    return upload


def named(content: bytes, name: str = "logo.png") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def staged_names(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("staging/*")]


def test_file_arrives_whole_and_without_a_name_on_disk(data_folder: Path) -> None:
    content = samples.saved(samples.noise(400, 300), "PNG")
    request = sent("/logo/", logo=named(content), name="Ministry")
    upload = file_of(request)
    assert isinstance(upload, StreamedUpload)
    assert (upload.name, upload.size, upload.read()) == ("logo.png", len(content), content)
    assert request.POST["name"] == "Ministry"
    assert staged_names(data_folder) == []


@pytest.mark.parametrize(("extra", "is_taken"), [(0, True), (1, False)])
def test_one_byte_above_the_limit_is_refused_and_the_rest_of_the_form_arrives(
    extra: int, is_taken: bool
) -> None:
    content = samples.logo().ljust(LIMIT + extra, b"\0")
    request = sent("/logo/", logo=named(content), name="Ministry")
    upload = file_of(request)
    assert isinstance(upload, StreamedUpload) is is_taken
    assert request.POST["name"] == "Ministry"
    if isinstance(upload, RefusedUpload):
        assert (str(upload.refusal), upload.name, upload.size) == (TOO_LARGE, "logo.png", 0)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (samples.SVG, "This is a file of the kind SVG."),
        (samples.EXE, "This file is a program, not a picture."),
        (samples.flat_png(13_000, 13_000), "This picture has more than 40 megapixels."),
        (b"\xff\xd8\xff\xe0\x00\x02" + bytes(3 * 2**20), "This picture is damaged"),
    ],
)
def test_first_bytes_decide_before_the_rest_is_written(content: bytes, refusal: str) -> None:
    upload = sent("/logo/", logo=named(content)).FILES["logo"]
    assert isinstance(upload, RefusedUpload)
    assert str(upload.refusal).startswith(refusal)


@pytest.mark.parametrize("path", ["/closed/", "/logo/"])
def test_files_that_nobody_asked_for_are_dropped(path: str, data_folder: Path) -> None:
    request = sent(path, stranger=named(samples.logo()), name="Ministry")
    assert dict(request.FILES) == {}
    assert request.POST["name"] == "Ministry"
    assert staged_names(data_folder) == []


def test_second_file_of_a_field_is_dropped() -> None:
    first, second = samples.logo(10, 10), samples.logo(20, 20)
    request = sent("/logo/", logo=[named(first), named(second)])
    assert [upload.read() for upload in request.FILES.getlist("logo")] == [first]


def test_two_fields_take_a_file_each() -> None:
    first, second = samples.logo(10, 10), samples.logo(20, 20)
    request = sent("/logo/", logo=named(first), badge=named(second))
    assert [file_of(request, name).read() for name in ("logo", "badge")] == [first, second]


def test_file_cut_on_its_way_leaves_nothing(data_folder: Path) -> None:
    whole = file_part("logo") + samples.logo()
    request = sent("/logo/", whole[:-100])
    assert dict(request.FILES) == {}
    assert staged_names(data_folder) == []


def test_large_file_does_not_fill_the_memory() -> None:
    @accepts_files(logo=1 * GB)
    def large(request: HttpRequest) -> None: ...

    picture = samples.logo()
    body = Body((file_part("logo") + picture, 1), (bytes(MB), 200), (END, 1))
    request = sent("/logo/", b"", body)
    goes_to(request, large)
    tracemalloc.start()
    try:
        upload = file_of(request)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert upload.size == len(picture) + 200 * MB
    assert peak < 10 * MB


def test_refused_file_is_not_written_further(data_folder: Path) -> None:
    body = Body((file_part("logo") + samples.SVG, 1), (bytes(MB), 50), (END, 1))
    before = os.statvfs(data_folder).f_bavail * os.statvfs(data_folder).f_frsize
    request = sent("/logo/", b"", body)
    assert isinstance(file_of(request), RefusedUpload)
    assert body.was_read > 50 * MB
    after = os.statvfs(data_folder).f_bavail * os.statvfs(data_folder).f_frsize
    assert before - after < 40 * MB


def test_full_disk_is_said_beside_the_field(settings: Settings) -> None:
    settings.UPLOAD_FREE_DISK_FLOOR = 2**62
    upload = sent("/logo/", logo=named(samples.logo())).FILES["logo"]
    assert isinstance(upload, RefusedUpload)
    assert str(upload.refusal).startswith("There is no room for this file")


def test_staging_folder_that_cannot_be_made_is_said_beside_the_field(data_folder: Path) -> None:
    (data_folder / "staging").write_text("in the way")
    upload = sent("/logo/", logo=named(samples.logo())).FILES["logo"]
    assert isinstance(upload, RefusedUpload)
    assert str(upload.refusal).startswith("There is no room for this file")


@pytest.mark.parametrize(
    ("path", "declared", "is_read"),
    [
        ("/logo/", 4 * LIMIT + 16 * MB, True),
        ("/logo/", 4 * LIMIT + 16 * MB + 1, False),
        ("/closed/", 16 * MB, True),
        ("/closed/", 16 * MB + 1, False),
        ("/closed/", "no number", True),
    ],
)
def test_body_that_no_form_could_send_is_not_read(
    path: str, declared: int | str, is_read: bool
) -> None:
    request = sent(path, b"")
    request.META["CONTENT_LENGTH"] = str(declared)
    middleware = RequestSizeMiddleware(lambda request: HttpResponse())
    response = middleware.process_view(request, resolve(path).func, (), {})
    if is_read:
        assert response is None
    else:
        assert response is not None
        assert response.status_code == 413


@pytest.mark.parametrize(
    ("path", "message"),
    [("/logo/", "Maximum file size: 1 MB."), ("/closed/", "This form takes no files.")],
)
def test_page_for_a_body_that_is_far_too_large_names_the_limit(
    client: Client, path: str, message: str
) -> None:
    response = client.generic(
        "POST", path, b"-", content_type=MULTIPART_CONTENT, CONTENT_LENGTH=str(2**40)
    )
    assert (response.status_code, response["Connection"]) == (413, "close")
    assert message in response.content.decode()


def test_limits_belong_to_the_view_and_not_to_the_function_beneath() -> None:
    def view(request: HttpRequest) -> None: ...

    small, large = accepts_files(logo=1)(view), accepts_files(logo=2)(view)
    request = RequestFactory().get("/logo/")
    found = []
    for func in (small, large, view):
        goes_to(request, func)
        found.append(accepted_files(request))
    assert found == [{"logo": Several(1, 1)}, {"logo": Several(1, 2)}, {}]
    assert accepted_files(RequestFactory().get("/logo/")) == {}
