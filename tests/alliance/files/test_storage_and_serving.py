import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from alliance.files.pictures import make_public_picture, store_public_picture
from alliance.files.serving import serve_private
from alliance.files.sizes import GB, MB, maximum_size_text, readable_size
from tests.alliance.files import samples


def test_private_files_have_no_address_and_names_that_nobody_guesses(data_folder: Path) -> None:
    storage = storages["private"]
    names = [storage.save("documents/Statutes.PDF", ContentFile(b"text")) for _ in range(2)]
    assert names[0] != names[1]
    for name in names:
        assert name.startswith("documents/")
        assert name.endswith(".pdf")
        assert "tatutes" not in name
        path = data_folder / "private" / name
        assert path.read_bytes() == b"text"
        assert path.stat().st_mode & 0o777 == 0o600
        with pytest.raises(ValueError, match="no address"):
            storage.url(name)
    assert (data_folder / "private").stat().st_mode & 0o777 == 0o700


def test_nothing_half_written_stays_when_writing_fails(data_folder: Path) -> None:
    class Breaking(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half"
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        storages["private"].save("a.pdf", Breaking(b"half and half"))
    assert [path for path in (data_folder / "private").rglob("*") if path.is_file()] == []


def test_a_file_is_on_the_disk_and_so_are_the_folders_that_name_it(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[Path, int]] = []
    fsync = os.fsync

    def noting(entry: int) -> None:
        fsync(entry)
        synced.append((Path(f"/proc/self/fd/{entry}").resolve(), os.fstat(entry).st_size))

    monkeypatch.setattr(os, "fsync", noting)
    storages["private"].save("submissions/ab/map.pdf", ContentFile(b"text"))
    (part, size), *folders = synced
    assert (part.suffix, size) == (".part", 4)
    private = data_folder.resolve() / "private"
    assert [path for path, _ in folders] == [
        *sorted({path.parent for path in private.rglob("*.pdf")}),
        private / "submissions",
        private,
    ]


@pytest.mark.parametrize("name", ["../../outside.pdf", "/etc/outside.pdf"])
def test_names_do_not_leave_the_folder(name: str) -> None:
    for alias in ("private", "pictures"):
        with pytest.raises(SuspiciousOperation):
            storages[alias].save(name, ContentFile(b"x"))


def test_private_file_is_a_download_that_runs_nowhere() -> None:
    response = serve_private(io.BytesIO(samples.HTML), 'état "final".html', "text/html")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%A9tat")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response.getvalue() == samples.HTML


def test_public_picture_is_served_for_good(client: Client, tmp_path: Path) -> None:
    made = make_public_picture(io.BytesIO(samples.logo()), tmp_path / "logo")
    name = store_public_picture(io.BytesIO(made.path.read_bytes()), ".webp")
    address = storages["pictures"].url(name)
    assert address == f"/media/{name}"

    response = client.get(address)
    assert response.status_code == 200
    assert response.getvalue() == made.path.read_bytes()
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "ab/" + "0" * 32 + ".webp",
        "ab/" + "0" * 32 + ".html",
        "ab/../../secret_key",
        "../private/a.webp",
        ".part",
    ],
)
def test_nothing_but_stored_pictures_is_served(
    client: Client, path: str, data_folder: Path
) -> None:
    (data_folder / "media" / "ab").mkdir(parents=True)
    (data_folder / "media" / "ab" / ("0" * 32 + ".html")).write_bytes(samples.HTML)
    (data_folder / "secret_key").write_text("secret")
    response = client.get(f"/media/{path}")
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (84 * 1024, "84 KB"),
        (int(3.14 * MB), "3.1 MB"),
        (20 * MB, "20 MB"),
        (1 * GB, "1 GB"),
    ],
)
def test_sizes_read_as_people_write_them(size: int, text: str) -> None:
    assert readable_size(size) == text


def test_limits_are_worded_as_the_forms_say() -> None:
    assert str(maximum_size_text(1 * GB)) == "Maximum file size: 1 GB"
    assert str(maximum_size_text(20 * MB)) == "Maximum file size: 20 MB"
