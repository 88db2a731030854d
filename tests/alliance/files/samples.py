"""Real files for the tests, made on the spot: sound ones and hostile ones."""

import io
import struct
import zipfile
import zlib
from random import Random
from typing import Any

from PIL import Image

GPS = "48.8584"


def noise(width: int, height: int, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """A picture that hardly compresses, like a photograph."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    pixels = Random(seed).randbytes(width * height * channels)
    return Image.frombytes(mode, (width, height), pixels)


def photograph(width: int, height: int) -> Image.Image:
    """A large picture with the detail of a small one; quick to make."""
    return noise(width // 8, height // 8).resize((width, height), Image.Resampling.BILINEAR)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def logo(width: int = 64, height: int = 48) -> bytes:
    return saved(noise(width, height), "PNG")


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: where, who, and how it was held."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x013B] = "Amina Diallo"
    data[0x8769] = {0x9286: f"taken at {GPS}"}
    data[0x8825] = {1: "N", 2: (48.0, 51.0, 30.0)}
    return data


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def flat_png(width: int, height: int, depth: int = 1, colour: int = 0) -> bytes:
    """A PNG of one colour, packed as tightly as it goes: small to send, large to unpack."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = bytes(1 + (width * channels * depth + 7) // 8)
    packer = zlib.compressobj(9)
    block = row * min(height, 1000)
    packed = b"".join(packer.compress(block) for _ in range(height // 1000))
    packed += packer.compress(row * (height % 1000)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return png_from(png_chunk(b"IHDR", header), png_chunk(b"IDAT", packed))


def png_from(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + png_chunk(b"IEND", b"")


def with_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    """The PNG with one more chunk, right behind its header."""
    return png[:33] + png_chunk(kind, content) + png[33:]


def zip_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return file.getvalue()


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0" + bytes(200) + b"PE\0\0"


def mutated(content: bytes, random: Random) -> bytes:
    """The file with a few bytes changed, cut, doubled or moved."""
    data = bytearray(content)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(data))
        match random.randrange(5):
            case 0:
                data[at] = random.randrange(256)
            case 1:
                data[at : at + 4] = random.choice(
                    (b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff")
                )
            case 2:
                del data[at : at + random.randint(1, 64)]
            case 3:
                data[at:at] = data[at : at + random.randint(1, 64)]
            case 4:
                data[at:at] = random.randbytes(random.randint(1, 32))
        if not data:
            return b"\0"
    return bytes(data)
