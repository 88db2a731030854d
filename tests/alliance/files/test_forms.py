import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict

from alliance.files import staging
from alliance.files.forms import KeptFile
from alliance.files.partial import signed_refusal
from alliance.models import StagedUpload
from tests.alliance.files import samples
from tests.alliance.files.pages import LIMIT, LogoForm

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alliance.files.pages")]


def picture(name: str = "emblem.png", content: bytes | None = None) -> io.BytesIO:
    file = io.BytesIO(samples.logo() if content is None else content)
    file.name = name
    return file


def held_token(page: str, name: str = "logo") -> str:
    found = re.search(rf'<input type="hidden" name="{name}-held" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def page_after(client: Client, **data: object) -> str:
    response = client.post("/logo/", data)
    assert response.status_code == 422
    return response.content.decode()


def test_blank_form_names_the_limit_and_asks_for_a_file(client: Client) -> None:
    page = client.get("/logo/").content.decode()
    hint = "Maximum file size: 1 MB. PNG, JPEG or WebP of at most 40 megapixels."
    assert hint in page
    assert 'accept="image/png,image/jpeg,image/webp"' in page
    assert f'data-max-bytes="{LIMIT}"' in page
    assert page.count(" required") == 2
    assert "-held" not in page


def test_file_is_kept_when_another_field_is_wrong(client: Client) -> None:
    page = page_after(client, name="x" * 21, logo=picture())
    assert "emblem.png" in page
    assert 'name="logo-remove"' in page
    assert page.count(" required") == 1  # the file is there, so the browser must not ask for it

    page = page_after(client, name="", **{"logo-held": held_token(page)})
    assert "emblem.png" in page
    response = client.post("/logo/", {"name": "Ministry", "logo-held": held_token(page)})
    assert (response.status_code, "emblem.png" in response.content.decode()) == (200, True)


def test_picture_as_kept_is_ours_and_what_was_sent_is_gone(
    client: Client, data_folder: Path
) -> None:
    content = samples.saved(samples.noise(500, 400), "PNG", exif=samples.exif())
    page_after(client, name="", logo=picture(content=content))
    upload = StagedUpload.objects.get()
    assert (upload.sent_size, upload.content_type) == (len(content), "image/webp")
    assert upload.purpose == "logo"
    files = [path for path in (data_folder / "staging").iterdir() if path.name[0] != "."]
    assert [path.name for path in files] == [upload.path]
    assert upload.open().read()[:4] == b"RIFF"
    assert b"Amina" not in upload.open().read()


def test_new_file_replaces_the_kept_one(client: Client) -> None:
    page = page_after(client, name="", logo=picture("first.png"))
    page = page_after(
        client, name="", logo=picture("second.png"), **{"logo-held": held_token(page)}
    )
    assert "second.png" in page
    assert "first.png" not in page
    assert StagedUpload.objects.get().name == "second.png"


def test_refused_file_does_not_cost_the_kept_one(client: Client) -> None:
    page = page_after(client, name="", logo=picture("first.png"))
    token = held_token(page)
    page = page_after(
        client, name="Ministry", logo=picture("new.svg", samples.SVG), **{"logo-held": token}
    )
    assert "This is a file of the kind SVG." in page
    assert "first.png" in page
    assert staging.claim(held_token(page), "logo") == StagedUpload.objects.get()


def test_remove_forgets_the_file_and_a_required_one_is_asked_for_again(client: Client) -> None:
    page = page_after(client, name="", logo=picture(), badge=picture("badge.png"))
    removed = {"logo-remove": "1", "badge-remove": "1"}
    kept = {f"{name}-held": held_token(page, name) for name in ("logo", "badge")}
    page = page_after(client, name="Ministry", **kept, **removed)
    assert page.count("Please choose a file.") == 1
    assert "-held" not in page
    assert StagedUpload.objects.count() == 0


@pytest.mark.parametrize("change", [lambda token: token[:-3] + "abc", lambda token: "x:y:z"])
def test_tampered_token_counts_as_no_file(client: Client, change: Callable[[str], str]) -> None:
    page = page_after(client, name="", logo=picture())
    token = change(held_token(page))
    page = page_after(client, name="Ministry", **{"logo-held": token})
    assert "Please choose a file." in page
    assert "emblem.png" not in page


def test_token_of_one_field_does_not_fit_another(client: Client) -> None:
    page = page_after(client, name="", badge=picture("badge.png"))
    page = page_after(client, name="Ministry", **{"logo-held": held_token(page, "badge")})
    assert "Please choose a file." in page


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (samples.SVG, "This is a file of the kind SVG."),
        (samples.EXE, "This file is a program, not a picture."),
        (samples.HTML, "This is a file of the kind HTML."),
        (b"", "This file is empty. Please choose another one."),
        (samples.logo()[:-900], "This picture is damaged or not complete."),
        (samples.logo() + samples.zip_archive(), "This picture contains another file"),
        (samples.flat_png(13_000, 13_000), "This picture has more than 40 megapixels."),
        (
            samples.logo().ljust(LIMIT + 1, b"\0"),
            "This file is too large. Maximum file size: 1 MB.",
        ),
    ],
)
def test_bad_files_are_named_beside_the_field_and_what_was_typed_stays(
    client: Client, content: bytes, message: str, data_folder: Path
) -> None:
    page = page_after(client, name="Ministry", logo=picture(content=content))
    assert message in page
    assert page.count('class="errorlist"') == 1
    assert 'value="Ministry"' in page
    assert "-held" not in page
    assert StagedUpload.objects.count() == 0
    assert [path.name for path in (data_folder / "staging").glob("[!.]*")] == []


def test_field_may_take_less_than_its_view() -> None:
    form = LogoForm({"name": "Ministry"}, _in_memory("logo", samples.logo().ljust(LIMIT + 1)))
    assert form.errors == {"logo": ["This file is too large. Maximum file size: 1 MB."]}


def _in_memory(name: str, content: bytes) -> MultiValueDict[str, UploadedFile]:
    return MultiValueDict({name: [SimpleUploadedFile("emblem.png", content)]})


def test_file_of_the_record_stays_unless_changed() -> None:
    profile_logo = KeptFile("Logo of your organization", 84_000)
    blank = LogoForm(initial={"logo": profile_logo})
    assert "Logo of your organization" in str(blank["logo"])
    assert " required" not in str(blank["logo"])

    kept = LogoForm({"name": "Ministry", "logo-held": ""}, initial={"logo": profile_logo})
    assert kept.is_valid()
    assert kept.cleaned_data["logo"] is profile_logo
    assert kept.changed_data == ["name"]

    removed = LogoForm({"name": "Ministry", "logo-remove": "1"}, initial={"logo": profile_logo})
    assert removed.errors == {"logo": ["Please choose a file."]}
    assert "Logo of your organization" not in str(removed["logo"])


def test_fields_with_a_prefix_keep_their_files() -> None:
    data = {"a-name": "", "a-logo": ""}
    form = LogoForm(data, _in_memory("a-logo", samples.logo()), prefix="a")
    assert not form.is_valid()
    token = held_token(str(form["logo"]), "a-logo")
    again = LogoForm({"a-name": "Ministry", "a-logo-held": token}, prefix="a")
    assert again.is_valid()
    assert isinstance(again.cleaned_data["logo"], StagedUpload)


def test_refusal_of_a_file_sent_ahead_stands_beside_its_field_and_costs_nothing(
    client: Client,
) -> None:
    token = held_token(page_after(client, name="", logo=picture("first.png")))
    refused = {"logo-held": token, "logo-refused": signed_refusal("It is <too> large.")}
    page = page_after(client, name="Ministry", **refused)
    assert "It is &lt;too&gt; large." in page
    assert "first.png" in page
    assert held_token(page)


def test_forged_refusal_says_nothing(client: Client) -> None:
    forged = "Write to evil@example.org" + signed_refusal("It is too large.")[-44:]
    page = page_after(client, name="Ministry", **{"logo-refused": forged})
    assert "evil@example.org" not in page
    assert "Please choose a file." in page
