import io
import struct

import pytest

from alliance.files.checks import (
    DAMAGED,
    NOT_A_PICTURE,
    SOMETHING_ELSE_INSIDE,
    TOO_MANY_PIXELS,
    PictureInfo,
    PictureRefused,
    check_head,
    check_picture,
)
from tests.alliance.files import samples


def refusal_of(content: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        check_picture(io.BytesIO(content))
    return str(refused.value)


@pytest.mark.parametrize(
    ("kind", "options", "content_type"),
    [
        ("PNG", {}, "image/png"),
        ("JPEG", {}, "image/jpeg"),
        ("JPEG", {"progressive": True}, "image/jpeg"),
        ("JPEG", {"exif": samples.exif()}, "image/jpeg"),
        ("WEBP", {"quality": 80}, "image/webp"),
        ("WEBP", {"lossless": True}, "image/webp"),
        ("WEBP", {"exif": samples.exif()}, "image/webp"),
    ],
)
def test_kind_and_size_are_read_from_the_header(
    kind: str, options: dict[str, object], content_type: str
) -> None:
    content = samples.saved(samples.noise(123, 45), kind, **options)
    assert check_picture(io.BytesIO(content)) == PictureInfo(content_type, 123, 45)


def test_jpeg_size_is_found_behind_long_metadata() -> None:
    content = samples.saved(samples.noise(20, 10), "JPEG")
    segment = b"\xff\xe2\xff\xff" + bytes(0xFFFD)
    long = content[:2] + 30 * segment + content[2:]
    assert check_head(long[:1_000_000]) is None
    assert check_picture(io.BytesIO(long)) == PictureInfo("image/jpeg", 20, 10)


def test_jpeg_with_endless_segments_is_refused() -> None:
    assert refusal_of(b"\xff\xd8" + 600 * b"\xff\xe2\x00\x02" + bytes(20)) == str(DAMAGED)


@pytest.mark.parametrize(
    ("width", "height", "is_taken"),
    [(8000, 5000, True), (8000, 5001, False), (13_000, 13_000, False), (60_000, 60_000, False)],
)
def test_forty_megapixels_are_the_most(width: int, height: int, is_taken: bool) -> None:
    header = samples.png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    head = samples.png_from(header)
    if is_taken:
        assert check_head(head) == PictureInfo("image/png", width, height)
    else:
        with pytest.raises(PictureRefused) as refused:
            check_head(head)
        assert refused.value.message == TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (samples.SVG, "This is a file of the kind SVG."),
        (b"\xef\xbb\xbf<!-- x --><svg width='1'>" + bytes(40), "This is a file of the kind SVG."),
        (samples.HTML, "This is a file of the kind HTML."),
        (samples.EXE, "This file is a program, not a picture."),
        (b"\x7fELF" + bytes(60), "This file is a program, not a picture."),
        (b"#!/bin/sh\nrm -rf /\n" + bytes(60), "This file is a program, not a picture."),
        (samples.zip_archive(), "This is a file of the kind ZIP."),
        (b"%PDF-1.7\n" + bytes(60), "This is a file of the kind PDF."),
        (b"GIF89a" + bytes(60), "This is a file of the kind GIF."),
        (b"\0\0\0\x18ftypheic" + bytes(60), "This is a file of the kind HEIC."),
        (b"just words, and nothing else than words", str(NOT_A_PICTURE)),
        (b"", str(NOT_A_PICTURE)),
    ],
)
def test_other_kinds_are_refused_by_content_and_named(content: bytes, message: str) -> None:
    assert refusal_of(content).startswith(message)


@pytest.mark.parametrize(
    "content",
    [
        samples.logo() + samples.zip_archive(),
        samples.logo() + samples.HTML,
        samples.with_chunk(samples.logo(), b"tEXt", b"Comment\0" + samples.HTML),
        samples.with_chunk(samples.logo(), b"tEXt", b"Comment\0<?php system('id') ?>"),
        samples.logo() + b"%PDF-1.7\n",
        samples.saved(samples.noise(9, 9), "JPEG", comment=b"<script>alert(1)</script>"),
        samples.saved(samples.noise(9, 9), "JPEG") + samples.zip_archive(),
        samples.saved(samples.noise(9, 9), "WEBP") + samples.SVG,
    ],
)
def test_pictures_that_are_something_else_besides_are_refused(content: bytes) -> None:
    assert refusal_of(content) == str(SOMETHING_ELSE_INSIDE)


def test_film_behind_a_photograph_is_no_reason_to_refuse() -> None:
    content = samples.saved(samples.noise(30, 20), "JPEG") + b"\0\0\0\x18ftypmp42" + bytes(5000)
    assert check_picture(io.BytesIO(content)) == PictureInfo("image/jpeg", 30, 20)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_first_bytes_wait_for_more_instead_of_guessing(kind: str) -> None:
    content = samples.saved(samples.noise(40, 30), kind)
    assert check_head(content[:20]) is None
    assert check_head(content[:700]) is not None
    assert refusal_of(content[:16]) == str(DAMAGED)


@pytest.mark.parametrize(
    "head",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        samples.flat_png(1, 1).replace(b"\0\0\0\1\0\0\0\1", bytes(8)),
        b"\xff\xd8\xff\xd9" + bytes(40),
        b"\xff\xd8\xff\xe0\x00\x02junk" + bytes(40),
        b"RIFF\0\0\0\0WEBPVP8 " + bytes(40),
        b"RIFF\0\0\0\0WEBPJUNK" + bytes(40),
    ],
)
def test_broken_headers_are_refused_as_damaged(head: bytes) -> None:
    assert refusal_of(head) == str(DAMAGED)
