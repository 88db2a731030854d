"""Looks through how one hostile PDF is built, in a process made for nothing else.

Run by `pdf` as a script of its own, in a bare interpreter without Django. Standard input is the
PDF, standard error takes one JSON object: `pages`, their number, or `refused` with one of the codes
that `pdf` has words for. Arguments: the most bytes of memory, the most seconds of processor time.

Every object of the file is looked at, also what no page refers to and what stands packed in object
streams (ISO 32000-2, sections 7.5.7 and 12.6). Contents of pages are not unpacked.
"""

import json
import resource
import sys
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

import pikepdf

MOST_OBJECTS = 2_000_000
# Actions by what they do (ISO 32000-2, table 201).
SCRIPTS = {"/JavaScript"}
PROGRAMS = {"/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie"}
PROGRAMS |= {"/RichMediaExecute", "/GoTo3DView"}
MEDIA = {"/RichMedia", "/3D", "/Movie", "/Screen"}
SAFE_SCHEMES = {"http", "https", "mailto", "tel", ""}


class Refused(Exception):
    """Holds the code."""


def main() -> None:
    confine(*(int(argument) for argument in sys.argv[1:3]))
    try:
        answer: dict[str, object] = {"pages": look_through()}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except pikepdf.PasswordError:
        answer = {"refused": "locked"}
    except Exception:  # noqa: BLE001 - whatever the reader tripped over, the file is to blame
        answer = {"refused": "damaged"}
    sys.stderr.write(json.dumps(answer))


def confine(memory: int, seconds: int) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 1000),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def look_through() -> int:
    with pikepdf.open(sys.stdin.buffer, suppress_warnings=True) as pdf:
        if pdf.is_encrypted:
            raise Refused("locked")
        pages = len(pdf.pages)
        if not pages:
            raise Refused("damaged")
        check_opening(pdf.Root)
        for number, entry in enumerate(entries(pdf)):
            if number > MOST_OBJECTS:
                raise Refused("damaged")
            check(entry)
    return pages


def entries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, those inside others included."""
    for whole in chain(pdf.objects, [pdf.trailer]):
        waiting = [whole]
        while waiting:
            found = waiting.pop()
            if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
                yield found
                inner = [value for _key, value in found.items()]
            elif isinstance(found, pikepdf.Array):
                inner = list(found)
            else:
                continue
            # What is referred to comes by itself.
            waiting += [
                value
                for value in inner
                if isinstance(value, pikepdf.Object) and not value.is_indirect
            ]


def check_opening(root: pikepdf.Object) -> None:
    """Nothing but a place in the document may be gone to when it is opened."""
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and not stays_inside(opening):
        raise Refused("script" if str(opening.get("/S")) in SCRIPTS else "action")


def stays_inside(action: pikepdf.Object) -> bool:
    return str(action.get("/S", "")) in ("/GoTo", "/Named")


def check(entry: pikepdf.Object) -> None:
    action = str(entry.get("/S", ""))
    if "/JS" in entry or "/JavaScript" in entry or action in SCRIPTS or "/XFA" in entry:
        raise Refused("script")
    if action in PROGRAMS:
        raise Refused("action")
    if "/EF" in entry or "/EmbeddedFiles" in entry or "/Collection" in entry:
        raise Refused("files")
    if str(entry.get("/Type", "")) == "/EmbeddedFile":
        raise Refused("files")
    if str(entry.get("/Subtype", "")) in MEDIA and "/Rect" in entry:
        raise Refused("action")
    if action == "/URI" and not leads_to_a_page(str(entry.get("/URI", ""))):
        raise Refused("links")
    by_themselves = entry.get("/AA")
    if isinstance(by_themselves, pikepdf.Dictionary):
        for what in by_themselves.as_dict().values():
            if isinstance(what, pikepdf.Dictionary) and not stays_inside(what):
                raise Refused("script" if str(what.get("/S")) in SCRIPTS else "action")


def leads_to_a_page(address: str) -> bool:
    try:
        return urlsplit(address.strip()).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


if __name__ == "__main__":
    main()
