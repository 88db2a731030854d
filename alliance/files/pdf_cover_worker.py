"""Draws the first page of one hostile PDF, small, in a process made for nothing else.

Run by `pdf` as a script of its own, in a bare interpreter without Django. Standard input is the
PDF, standard output the file to fill with PNG. Arguments: the most pixels across, the most pixels
down, the most bytes of memory, the most seconds of processor time. A file that cannot be drawn
ends it with an error, or ends it.
"""

import resource
import sys

import pypdfium2

MAX_OUTPUT_BYTES = 8 * 2**20


def main() -> None:
    across, down, memory, seconds = (int(argument) for argument in sys.argv[1:5])
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    page = pypdfium2.PdfDocument(sys.stdin.buffer)[0]
    width, height = page.get_size()
    # The upper part of a page that is a long strip tells more than the whole of it, illegible.
    scale = across / width
    cut = max(0.0, height - down / scale)
    picture = page.render(scale=scale, crop=(0, cut, 0, 0)).to_pil()
    picture.convert("RGB").crop((0, 0, across, min(picture.height, down))).save(
        sys.stdout.buffer, "PNG"
    )


if __name__ == "__main__":
    main()
