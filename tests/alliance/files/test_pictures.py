import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from alliance.files.checks import DAMAGED, PictureRefused
from alliance.files.pictures import make_public_picture, store_public_picture
from tests.alliance.files import samples
from tests.alliance.files.worker import decode


def made(content: bytes, folder: Path, max_side: int = 1024) -> Image.Image:
    """The public picture made from `content`, opened."""
    picture = make_public_picture(io.BytesIO(content), folder / "picture", max_side)
    opened = Image.open(picture.path)
    opened.load()
    assert (picture.path.suffix, opened.format) == (".webp", "WEBP")
    assert opened.size == (picture.width, picture.height)
    assert picture.size == picture.path.stat().st_size
    return opened


def pixel(picture: Image.Image, at: tuple[int, int]) -> tuple[int, ...]:
    value = picture.getpixel(at)
    assert isinstance(value, tuple)
    return value


@pytest.mark.parametrize(
    ("size", "max_side", "expected"),
    [
        ((3000, 2000), 1024, (1024, 683)),
        ((2000, 3000), 256, (171, 256)),
        ((300, 200), 1024, (300, 200)),
        ((1, 1), 1024, (1, 1)),
        ((9000, 3), 1024, (1024, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_long_side_is_bounded_and_small_pictures_keep_their_size(
    tmp_path: Path,
    kind: str,
    size: tuple[int, int],
    max_side: int,
    expected: tuple[int, int],
) -> None:
    content = samples.saved(Image.new("RGB", size, "teal"), kind)
    assert made(content, tmp_path, max_side).size == expected


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_no_metadata_survives(tmp_path: Path, kind: str) -> None:
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Amina Diallo</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = samples.saved(
        samples.noise(200, 100), kind, exif=samples.exif(), xmp=xmp, icc_profile=profile
    )
    assert b"Amina Diallo" in content
    assert samples.GPS.encode() in content

    picture = made(content, tmp_path)
    raw = (tmp_path / "picture.webp").read_bytes()
    for trace in (b"Amina", samples.GPS.encode(), b"EXIF", b"Exif", b"XMP ", b"xmpmeta", b"ICCP"):
        assert trace not in raw
    assert len(picture.getexif()) == 0
    assert {"exif", "xmp", "icc_profile"}.isdisjoint(picture.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 30, 20))
    stored_as = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright.transpose(stored_as) if stored_as is not None else upright
    picture = made(samples.saved(stored, "PNG", exif=samples.exif(orientation)), tmp_path)
    assert picture.size == (60, 40)
    assert [pixel(picture, at) for at in ((10, 10), (50, 10), (10, 30), (50, 30))] == [
        (255, 0, 0),
        (255, 255, 255),
        (255, 255, 255),
        (255, 255, 255),
    ]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_photographs_of_every_kind_are_turned_upright(tmp_path: Path, kind: str) -> None:
    content = samples.saved(Image.new("RGB", (60, 40)), kind, exif=samples.exif(6))
    assert made(content, tmp_path).size == (40, 60)


def test_transparency_stays(tmp_path: Path) -> None:
    logo = Image.new("RGBA", (40, 20), (0, 98, 143, 255))
    logo.paste((0, 0, 0, 0), (20, 0, 40, 20))
    picture = made(samples.saved(logo, "PNG"), tmp_path)
    assert picture.mode == "RGBA"
    assert pixel(picture, (5, 5)) == (0, 98, 143, 255)
    assert pixel(picture, (30, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I"])
def test_every_kind_of_png_keeps_its_brightness(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (50, 50), 255 if mode == "1" else 128)
    if mode.startswith("I"):
        source = Image.frombytes("I;16", (50, 50), b"\x00\x80" * 2500)
    else:
        source = grey.convert(mode)
    red = pixel(made(samples.saved(source, "PNG"), tmp_path).convert("RGB"), (25, 25))[0]
    assert abs(red - (255 if mode == "1" else 128)) <= 2


def test_palette_with_transparent_colour_is_understood(tmp_path: Path) -> None:
    palette = Image.new("P", (20, 20), 0)
    palette.putpalette([10, 20, 30, 200, 100, 50])
    palette.paste(1, (0, 0, 10, 20))
    picture = made(samples.saved(palette, "PNG", transparency=0), tmp_path)
    assert pixel(picture, (5, 5)) == (200, 100, 50, 255)
    assert pixel(picture, (15, 5))[3] == 0


def test_print_colours_become_screen_colours(tmp_path: Path) -> None:
    cyan = samples.saved(Image.new("CMYK", (30, 30), (255, 0, 0, 0)), "JPEG", quality=95)
    picture = made(cyan, tmp_path)
    red, green, blue = pixel(picture, (15, 15))
    assert picture.mode == "RGB"
    assert red < 20 < 200 < min(green, blue)


def test_colour_profile_is_applied_before_it_is_dropped(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    source = Image.new("RGB", (30, 30), (128, 128, 128))
    plain = pixel(made(samples.saved(source, "PNG"), tmp_path), (5, 5))
    assert plain == (128, 128, 128)
    with_xyz = pixel(made(samples.saved(source, "PNG", icc_profile=xyz), tmp_path), (5, 5))
    assert with_xyz == (128, 128, 128)  # a profile for other channels is passed over
    broken = made(samples.saved(source, "PNG", icc_profile=lab[:200]), tmp_path)
    assert pixel(broken, (5, 5)) == (128, 128, 128)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_an_animation_is_taken(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "lime", "blue")]
    content = samples.saved(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    picture = made(content, tmp_path)
    assert not getattr(picture, "is_animated", False)
    assert pixel(picture, (25, 25)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_cut_pictures_are_refused_and_leave_nothing(
    tmp_path: Path, kind: str, share: float
) -> None:
    content = samples.saved(samples.noise(400, 300), kind)
    cut = content[: int(len(content) * share)]
    with pytest.raises(PictureRefused) as refused:
        make_public_picture(io.BytesIO(cut), tmp_path / "picture")
    assert refused.value.message == DAMAGED
    assert list(tmp_path.iterdir()) == []


def test_drawings_stay_exact_and_photographs_get_small(tmp_path: Path) -> None:
    drawing = Image.new("RGB", (900, 600), "white")
    drawing.paste((0, 98, 143), (100, 100, 500, 400))
    exact = made(samples.saved(drawing, "PNG"), tmp_path)
    assert exact.tobytes() == drawing.tobytes()

    photo = samples.photograph(2400, 1800)
    shown = made(samples.saved(photo, "PNG"), tmp_path)
    without_loss = samples.saved(shown, "WEBP", lossless=True)
    assert (tmp_path / "picture.webp").stat().st_size < len(without_loss) / 2


def test_twelve_megapixel_photograph_is_cheap(tmp_path: Path) -> None:
    nothing = decode(samples.logo(), tmp_path)
    photograph = samples.saved(samples.photograph(4000, 3000), "JPEG", quality=92)
    cost = decode(photograph, tmp_path)
    assert cost.answer == {"width": 1024, "height": 768}
    assert cost.seconds < 1.0
    assert cost.memory - nothing.memory < 110 * 2**20


def test_same_picture_is_stored_once_under_the_hash_of_its_content(
    tmp_path: Path, data_folder: Path
) -> None:
    first = make_public_picture(io.BytesIO(samples.logo()), tmp_path / "one").path
    again = make_public_picture(io.BytesIO(samples.logo()), tmp_path / "two").path
    other = make_public_picture(io.BytesIO(samples.logo(65, 48)), tmp_path / "three").path
    names = [
        store_public_picture(io.BytesIO(path.read_bytes()), ".webp")
        for path in (first, again, other)
    ]
    assert names[0] == names[1] != names[2]
    stored = {str(path.relative_to(data_folder / "media")) for path in data_folder.rglob("*.webp")}
    assert stored == set(names)
    assert (data_folder / "media" / names[0]).read_bytes() == first.read_bytes()
