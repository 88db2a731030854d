"""No picture takes the server down. MUTATED_PICTURES=1000 runs the whole of the promise."""

import io
import os
import struct
import time
import zlib
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from alliance.files import child
from alliance.files.checks import DAMAGED, TOO_MANY_PIXELS, FileRefused
from alliance.files.pictures import make_public_picture
from tests.alliance.files import samples
from tests.alliance.files.worker import decode

MUTATED = int(os.environ.get("MUTATED_PICTURES", "100"))
MB = 2**20


def refusal_of(content: bytes, folder: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        make_public_picture(io.BytesIO(content), folder / "picture")
    assert list(folder.glob("*picture*")) == []
    return str(refused.value)


def _animation_on_a_large_canvas(width: int, height: int) -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "lime")]
    content = samples.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert content[12:16] == b"VP8X"
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return content[:24] + sides + content[30:]


BOMBS = {
    "png_169_megapixels": lambda: samples.flat_png(13_000, 13_000),
    "png_3600_megapixels": lambda: samples.flat_png(60_000, 60_000),
    "png_169_megapixels_of_16_bits": lambda: samples.flat_png(13_000, 13_000, 16),
    "jpeg_144_megapixels": lambda: samples.saved(Image.new("L", (12_000, 12_000)), "JPEG"),
    "animated_webp_of_144_megapixels": lambda: _animation_on_a_large_canvas(12_000, 12_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_anything_is_unpacked(name: str, tmp_path: Path) -> None:
    bomb = BOMBS[name]()
    began = time.perf_counter()
    assert refusal_of(bomb, tmp_path) == str(TOO_MANY_PIXELS)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("name", BOMBS)
def test_worker_refuses_bombs_by_itself(name: str, tmp_path: Path) -> None:
    cost = decode(BOMBS[name](), tmp_path)
    assert cost.answer["refused"] in {"pixels", "damaged"}
    assert cost.seconds < 2
    assert cost.memory < 200 * MB


def _packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(MB)) for _ in range(megabytes)) + packer.flush()


def _chunk_bomb(kind: bytes, before: bytes) -> bytes:
    return samples.with_chunk(samples.logo(), kind, before + _packed_zeros(500))


@pytest.mark.parametrize(
    ("kind", "before"),
    [(b"iCCP", b"icc\0\0"), (b"zTXt", b"Comment\0\0"), (b"iTXt", b"Comment\0\1\0\0\0")],
)
def test_packed_metadata_does_not_unpack(kind: bytes, before: bytes, tmp_path: Path) -> None:
    cost = decode(_chunk_bomb(kind, before), tmp_path)
    assert cost.seconds < 2
    assert cost.memory < 100 * MB


@pytest.mark.parametrize("place", ["first", "last"])
def test_padding_between_the_parts_of_a_picture_costs_nothing(place: str, tmp_path: Path) -> None:
    png, webp = samples.logo(), samples.saved(samples.noise(64, 48), "WEBP", exif=samples.exif())
    padding = 150 * samples.png_chunk(b"prVt", bytes(MB))
    cut = 33 if place == "first" else len(png) - 12
    cost = decode(png[:cut] + padding + png[cut:], tmp_path)
    assert cost.answer == {"width": 64, "height": 48}
    assert cost.memory < 60 * MB

    padding = 150 * (b"prVt" + struct.pack("<I", MB) + bytes(MB))
    cut = 30 if place == "first" else len(webp)
    padded = webp[:cut] + padding + webp[cut:]
    cost = decode(padded[:4] + struct.pack("<I", len(padded) - 8) + padded[8:], tmp_path)
    assert cost.answer == {"width": 64, "height": 48}
    assert cost.memory < 60 * MB


def test_second_header_cannot_smuggle_a_larger_picture_in(tmp_path: Path) -> None:
    header = samples.png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    small = samples.flat_png(10, 10)
    content = small[:33] + header + small[33:]
    assert refusal_of(content, tmp_path) in {str(TOO_MANY_PIXELS), str(DAMAGED)}


@pytest.mark.parametrize("depth", [8, 16])
def test_largest_picture_is_taken_within_bounds(tmp_path: Path, depth: int) -> None:
    cost = decode(samples.flat_png(8000, 5000, depth, colour=6), tmp_path)
    assert cost.answer == {"width": 1024, "height": 640}
    assert cost.seconds < 5
    assert cost.memory < 300 * MB


def test_long_animation_costs_no_more_than_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (600, 400), (shade, 0, 0)) for shade in range(200)]
    content = samples.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], method=0)
    cost = decode(content, tmp_path)
    assert cost.answer == {"width": 600, "height": 400}
    assert cost.seconds < 1
    assert cost.memory < 100 * MB


def test_picture_that_needs_more_memory_than_allowed_is_refused(tmp_path: Path) -> None:
    content = samples.flat_png(6000, 6000, 8, colour=6)
    cost = decode(content, tmp_path, memory_limit=200 * MB)
    assert cost.answer == {"refused": "damaged"}
    assert cost.memory < 200 * MB


def test_worker_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_WALL_SECONDS", 0.01)
    assert refusal_of(samples.logo(), tmp_path) == str(DAMAGED)


def test_nobody_waits_for_ever_for_a_place_to_decode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_WAIT_SECONDS", 0.1)
    with child.slot(), child.slot():
        assert refusal_of(samples.logo(), tmp_path).startswith("Too many files are being")
    make_public_picture(io.BytesIO(samples.logo()), tmp_path / "picture")


def test_mutated_pictures_are_taken_or_refused_and_nothing_else(tmp_path: Path) -> None:
    random = Random(20261122)
    picture = samples.noise(40, 30)
    animation = [samples.noise(40, 30, seed=seed) for seed in (2, 3)]
    originals = [
        samples.saved(picture, "PNG", exif=samples.exif(6)),
        samples.saved(samples.noise(40, 30, "RGBA"), "PNG", save_all=True, append_images=animation),
        samples.saved(picture.quantize(16), "PNG", transparency=0),
        samples.saved(picture, "JPEG", exif=samples.exif(6)),
        samples.saved(picture.convert("CMYK"), "JPEG", progressive=True),
        samples.saved(picture, "WEBP", exif=samples.exif(6)),
        samples.saved(picture, "WEBP", save_all=True, append_images=animation),
    ]
    outcomes = {"taken": 0, "refused": 0}
    slowest = 0.0
    for number in range(MUTATED):
        content = samples.mutated(originals[number % len(originals)], random)
        began = time.perf_counter()
        try:
            make_public_picture(io.BytesIO(content), tmp_path / "picture")
        except FileRefused:
            outcomes["refused"] += 1
        else:
            outcomes["taken"] += 1
        slowest = max(slowest, time.perf_counter() - began)
    assert sum(outcomes.values()) == MUTATED
    assert min(outcomes.values()) > MUTATED / 20  # the mutations neither all fail nor all pass
    assert slowest < 10
