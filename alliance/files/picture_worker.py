"""Decodes one hostile picture and encodes it afresh, in a process made for nothing else.

Run by `pictures` as a script of its own, in a bare interpreter without Django. Standard input is
the picture, standard output the file to fill with WebP, standard error one JSON object: either
`width` and `height` in pixels, or `refused` with "damaged", "pixels" or "room". Arguments: the longest
side in pixels, the most bytes that it may take without loss, the most bytes of memory, the most
seconds of processor time.
"""

import contextlib
import errno
import io
import json
import resource
import struct
import sys
import warnings
from bisect import bisect_right
from itertools import accumulate
from typing import IO, TYPE_CHECKING

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_PIXELS = 40_000_000
MAX_OUTPUT_BYTES = 8 * 2**20
QUALITY = 85
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"eXIf"}
WEBP_CHUNKS = {b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L", b"EXIF"}
ORIENTATION = 0x0112  # the EXIF tag
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class TooManyPixels(Exception):
    pass


def main() -> None:
    max_side, lossless_up_to, memory, seconds = (int(argument) for argument in sys.argv[1:5])
    confine(memory, seconds)
    try:
        picture = read_afresh(max_side)
        write(encode(picture, lossless_up_to))
        answer: dict[str, object] = {"width": picture.width, "height": picture.height}
    except TooManyPixels:
        answer = {"refused": "pixels"}
    except OSError as error:  # the decoders raise it too, without a number
        answer = {"refused": "room" if error.errno == errno.ENOSPC else "damaged"}
    except Exception:  # noqa: BLE001 - whatever the decoder tripped over, the picture is to blame
        answer = {"refused": "damaged"}
    sys.stderr.write(json.dumps(answer))


def write(content: bytes) -> None:
    """Write at once: what a full disk leaves in a buffer is tried again, loudly, at the end."""
    output = io.FileIO(sys.stdout.fileno(), "w", closefd=False)
    rest = memoryview(content)
    while rest:
        rest = rest[output.write(rest) :]


def confine(memory: int, seconds: int) -> None:
    """Take away what decoding does not need: memory, time, large files, core dumps."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read_afresh(max_side: int) -> Image.Image:
    """The pixels of the first frame: upright, in sRGB, at most `max_side` long, nothing else.

    What is returned is a new picture; EXIF, GPS, XMP, comments and profiles stay behind.
    """
    source = open_picture()
    if source.width * source.height > MAX_PIXELS:
        raise TooManyPixels
    with contextlib.suppress(Exception):  # a colour profile too odd to read is no reason to refuse
        source.info["icc"] = ImageCms.ImageCmsProfile(io.BytesIO(source.info["icc_profile"]))
    if isinstance(source, JpegImagePlugin.JpegImageFile):
        source.draft(None, (max_side, max_side))  # reads every bit, but keeps an eighth at best
    source.load()
    picture = in_srgb(shrink(source, max_side), source.info.get("icc"))
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    turn = TURNED.get(orientation(source))
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean.transpose(turn) if turn is not None else clean


def open_picture() -> ImageFile.ImageFile:
    """Open standard input with the one decoder that its signature names."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK
    warnings.simplefilter("ignore")
    stream = sys.stdin.buffer
    head = stream.read(12)
    stream.seek(0)
    if head.startswith(b"\x89PNG"):
        return PngImagePlugin.PngImageFile(needed_of_png(stream))
    if head.startswith(b"\xff\xd8"):
        return JpegImagePlugin.JpegImageFile(stream)
    return WebPImagePlugin.WebPImageFile(needed_of_webp(stream))


class Excerpt(io.RawIOBase):
    """Parts of files, each (file, offset, length), read as one file.

    The decoders keep in memory whatever a file carries besides its pixels, which may be a
    gigabyte; so they are shown only what they need.
    """

    def __init__(self, parts: list[tuple[IO[bytes], int, int]]) -> None:
        self.parts = parts
        self.ends = list(accumulate(length for _file, _offset, length in parts))
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.ends[-1]}[whence]
        self.at = max(0, base + offset)
        return self.at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        into = memoryview(buffer)
        number = bisect_right(self.ends, self.at)
        if number == len(self.parts):
            return 0
        file, offset, length = self.parts[number]
        rest = self.ends[number] - self.at
        file.seek(offset + length - rest)
        piece = file.read(min(len(into), rest))
        into[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)


def needed_of_png(file: IO[bytes]) -> IO[bytes]:
    """The PNG without text, animation and private chunks."""
    parts = [(file, 0, 8)]
    at, kind = 8, b""
    while kind != b"IEND":
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind in PNG_CHUNKS:
            parts.append((file, at, length + 12))
        at += length + 12
    return io.BufferedReader(Excerpt(parts))


def needed_of_webp(file: IO[bytes]) -> IO[bytes]:
    """The WebP with its first frame only, without private chunks."""
    size = file.seek(0, io.SEEK_END)
    parts: list[tuple[IO[bytes], int, int]] = []
    at, left = 12, list(WEBP_CHUNKS)
    while at + 8 <= size:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        length += 8 + length % 2
        if kind in left:
            left.remove(kind)
            parts.append((file, at, length))
        at += length
    total = sum(length for _file, _offset, length in parts)
    head = b"RIFF" + struct.pack("<I", total + 4) + b"WEBP"
    return io.BufferedReader(Excerpt([(io.BytesIO(head), 0, 12), *parts]))


def orientation(source: ImageFile.ImageFile) -> int:
    try:
        return int(source.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - broken EXIF says nothing about the pixels
        return 1


def shrink(source: Image.Image, max_side: int) -> Image.Image:
    """Bring the picture near its final size in strips, so that no second large copy is made.

    Returns RGB, RGBA or CMYK, with 8 bits a channel.
    """
    factor = max(1, max(source.size) * 2 // (max_side * 3))  # leaves half more to resample from
    mode = plain_mode(source)
    size = (-(-source.width // factor), -(-source.height // factor))
    small = Image.new(mode, size)
    rows = factor * max(1, 256 // factor)
    for top in range(0, source.height, rows):
        strip = source.crop((0, top, source.width, min(top + rows, source.height)))
        if "transparency" in source.info:
            strip.info["transparency"] = source.info["transparency"]
        if strip.mode.startswith(("I", "F")):  # 16 bits of grey
            strip = strip.convert("I").point(lambda value: value / 256).convert("L")
        small.paste(strip.convert(mode).reduce(factor), (0, top // factor))
    return small


def plain_mode(source: Image.Image) -> str:
    if source.mode == "CMYK":
        return "CMYK"
    has_alpha = source.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in source.info
    return "RGBA" if has_alpha else "RGB"


def in_srgb(picture: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """The picture's colours in sRGB; without a profile they are taken for sRGB."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile is not None:
        with contextlib.suppress(ImageCms.PyCMSError, ValueError):
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, profile, srgb, outputMode=mode)
            if converted is not None:
                return converted
    return picture if picture.mode == mode else picture.convert(mode)


def encode(picture: Image.Image, lossless_up_to: int) -> bytes:
    """WebP: without loss up to so many bytes, else at a quality that nobody tells apart.

    A drawing stays sharp without loss while that costs little; a photograph does not need it.
    """
    for options in ({"lossless": True, "quality": 30, "method": 2}, {"quality": QUALITY}):
        content = io.BytesIO()
        picture.save(content, "WEBP", **options)
        if content.tell() <= lossless_up_to:
            break
    return content.getvalue()


if __name__ == "__main__":
    main()
