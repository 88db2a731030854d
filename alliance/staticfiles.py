"""Static files: what is drawn in several files travels in one."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, overload

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Each bundle is one request instead of several; its sources stand in cascade order.
BUNDLES = {
    "css/site.css": ("css/tokens.css", "css/base.css", "css/marks.css", "css/components.css"),
    "css/secretariat.css": ("css/tokens.css", "css/marks.css", "css/admin.css"),
    "js/forms.js": (
        "js/errors.js",
        "js/words.js",
        "js/limit.js",
        "js/other.js",
        "js/filter.js",
        "js/password.js",
        "js/upload.js",
        "js/submit.js",
    ),
    "js/draft.js": ("js/draft_fields.js", "js/draft_copies.js", "js/draft_autosave.js"),
}

# `list` is the name of a method below.
Paths = list[str]

_READABLE = 0o644  # by whatever web server stands in front

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
# White space in a sheet with the sign it stands beside; strings are matched first, to be kept.
_SHEET_SPACE = re.compile(r'("[^"]*")|\s*([{};,])\s*|(?<=[\w-])(:)\s+|\s+')


def bundle(name: str, root: Path | None = None) -> str:
    """The text of a bundle: its sources in `static/`, one after the other, without comments.

    Sheets lose the white space that only their writers need as well: every page waits for them.
    """
    root = root or settings.BASE_DIR / "static"
    sources = ((root / source).read_text(encoding="utf-8") for source in BUNDLES[name])
    text = "".join(sources)
    return tightened(text) if name.endswith(".css") else _COMMENT.sub("", text)


def tightened(sheet: str) -> str:
    """A style sheet without comments, in as few bytes as say the same."""
    text = _COMMENT.sub("", sheet)
    text = _SHEET_SPACE.sub(lambda space: space[1] or space[2] or space[3] or " ", text)
    return text.replace(";}", "}").strip()


class BundleFinder(BaseFinder):
    """Finds the bundles, built afresh whenever somebody asks, so that nothing built is kept.

    `collectstatic` copies and hashes them like any other file; the test server serves them from
    here.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._folder = TemporaryDirectory(prefix="alliance-bundles-")
        self.storage = FileSystemStorage(location=self._folder.name)
        super().__init__(*args, **kwargs)

    @overload
    def find(self, path: str, find_all: Literal[False] = ...) -> str | None: ...
    @overload
    def find(self, path: str, find_all: Literal[True]) -> Paths: ...
    def find(self, path: str, find_all: bool = False) -> str | Paths | None:
        """The bundle's file on disk; nothing for any other path."""
        built = str(self._build(path)) if path in BUNDLES else None
        if find_all:
            return [built] if built else []
        return built

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every bundle with the storage that holds it, as `collectstatic` asks for."""
        for name in BUNDLES:
            self._build(name)
            yield name, self.storage

    def _build(self, name: str) -> Path:
        target = Path(self._folder.name, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(bundle(name), encoding="utf-8")
        return target


def _put(target: Path, content: bytes, mode: int) -> None:
    """Write the file beside its place, and put it there in one step."""
    new = target.with_name(f".{target.name}.new")
    new.write_bytes(content)
    new.chmod(mode)
    new.replace(target)


class _ReplacingCompressor(Compressor):
    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        target = Path(path + suffix)
        _put(target, data, _READABLE)
        os.utime(target, (stat_result.st_atime, stat_result.st_mtime))
        return str(target)


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash, kept for a year by browsers; plain names until something is collected.

    What is collected anew takes the place of the file that is there in one step: browsers ask for it
    all the while, and the version before still answers.
    """

    def delete(self, name: str) -> None:
        """Do nothing: `collectstatic` deletes each file before it writes it anew."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        _put(target, b"".join(content.chunks()), self.file_permissions_mode or _READABLE)
        return name

    def create_compressor(self, **options: Any) -> Compressor:
        return _ReplacingCompressor(**options)

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one where nothing has been collected, as in the tests."""
        if not self.hashed_files:
            return name
        return super().stored_name(name)
