"""A field for several documents: all at once or one by one, with and without a script."""

import io
import re
from typing import Any

import pytest
from django.test import Client

from alliance.files.partial import Ticket, signed_refusal
from alliance.files.sizes import MB
from alliance.models import PartialUpload, StagedUpload
from tests.alliance.files import paper_samples as papers
from tests.alliance.files import samples, sending
from tests.alliance.files.pages import LIMIT, PapersForm

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alliance.files.pages")]

TICKET = Ticket("papers", LIMIT, takes=PartialUpload.Takes.DOCUMENT)


def paper(name: str, content: bytes | None = None) -> io.BytesIO:
    file = io.BytesIO(papers.office() if content is None else content)
    file.name = name
    return file


def different(number: int) -> bytes:
    return papers.office(more={"word/media/a.txt": str(number)})


def tokens(page: str) -> list[str]:
    return re.findall(r'<input type="hidden" name="papers-held" value="([^"]*)"', page)


def page_after(client: Client, **data: Any) -> str:
    response = client.post("/papers/", data)
    assert response.status_code == 422
    return response.content.decode()


def taken(client: Client, **data: Any) -> list[str]:
    response = client.post("/papers/", {"name": "Ministry"} | data)
    assert response.status_code == 200, response.content.decode()
    return re.findall(r"'([^']+)'", response.content.decode())


def test_blank_field_says_what_it_takes_and_how_many(client: Client) -> None:
    page = client.get("/papers/").content.decode()
    hint = "At most 3 files. Maximum file size: 1 MB. PDF, DOCX, XLSX, PPTX, PNG or JPEG."
    assert hint in page
    assert 'accept=".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg"' in page
    assert re.search(r'<input type="file"[^>]* required', page) is not None
    assert " multiple" in page
    assert 'data-most="3"' in page
    found = re.search(r'data-ticket="([^"]+)"', page)
    assert found is not None
    assert Ticket.read(found[1]) == TICKET


def test_several_files_of_one_post_are_all_taken(client: Client) -> None:
    sent = [paper("a.docx", different(1)), paper("b.pdf", papers.pdf())]
    assert taken(client, papers=sent) == ["a.docx", "b.pdf"]


def test_files_are_kept_through_an_error_elsewhere_and_more_can_follow(client: Client) -> None:
    page = page_after(client, name="", papers=[paper("a.docx"), paper("b.pdf", papers.pdf())])
    assert [name in page for name in ("a.docx", "b.pdf")] == [True, True]
    assert re.search(r'<input type="file"[^>]* required', page) is None
    held = tokens(page)
    page = page_after(
        client, name="", papers=paper("c.png", samples.logo()), **{"papers-held": held}
    )
    held = tokens(page)
    assert len(held) == 3
    assert taken(client, **{"papers-held": held}) == ["a.docx", "b.pdf", "c.png"]


def test_removed_file_is_forgotten_and_the_others_stay(client: Client) -> None:
    page = page_after(client, name="", papers=[paper("a.docx"), paper("b.pdf", papers.pdf())])
    first, second = tokens(page)
    found = taken(client, **{"papers-held": [first, second], "papers-remove": first})
    assert found == ["b.pdf"]
    assert [upload.name for upload in StagedUpload.objects.all()] == ["b.pdf"]


def test_refused_file_is_named_and_costs_the_others_nothing(client: Client) -> None:
    page = page_after(
        client,
        name="Ministry",
        papers=[paper("a.docx"), paper("evil.docx", b"MZ" + bytes(99)), paper("b.pdf", b"<html>")],
    )
    assert "“evil.docx”: This file is a program" in page
    assert "“b.pdf”: This is a file of the kind HTML" in page
    assert taken(client, **{"papers-held": tokens(page)}) == ["a.docx"]


def test_file_that_is_too_large_is_named(client: Client) -> None:
    large = papers.pdf() + bytes(LIMIT)
    page = page_after(client, name="Ministry", papers=[paper("large.pdf", large), paper("a.docx")])
    assert "“large.pdf”: This file is too large. Maximum file size: 1 MB." in page
    assert len(tokens(page)) == 1


def test_more_than_fit_are_refused_by_name_and_the_first_are_kept(client: Client) -> None:
    sent = [paper(f"{number}.docx", different(number)) for number in range(5)]
    page = page_after(client, name="Ministry", papers=sent)
    assert "“3.docx”: Only 3 files can be sent at once" in page
    held = tokens(page)
    assert len(held) == 3
    page = page_after(
        client, name="Ministry", papers=paper("4.docx", different(9)), **{"papers-held": held}
    )
    assert "“4.docx”: There can be 3 files." in page
    assert StagedUpload.objects.count() == 3


def test_same_bytes_are_kept_once_and_the_other_name_is_spoken_of(client: Client) -> None:
    content = papers.office()
    sent = [paper("a.docx", content), paper("copy.docx", content)]
    page = page_after(client, name="Ministry", papers=sent)
    assert "“copy.docx”: This file is attached already, as “a.docx”." in page
    assert taken(client, **{"papers-held": tokens(page)}) == ["a.docx"]
    assert StagedUpload.objects.count() == 1


def test_the_same_file_sent_twice_is_kept_without_a_word(client: Client) -> None:
    content = papers.office()
    sent = [paper("a.docx", content), paper("a.docx", content)]
    assert taken(client, papers=sent) == ["a.docx"]
    assert StagedUpload.objects.count() == 1


def test_files_that_a_script_sent_ahead_are_held_against_each_other_too(client: Client) -> None:
    content = papers.office()
    held = [
        token
        for name in ("a.docx", "copy.docx")
        for token in tokens(page_after(client, name="", papers=paper(name, content)))
    ]
    page = page_after(client, name="Ministry", **{"papers-held": held})
    assert "“copy.docx”: This file is attached already, as “a.docx”." in page
    assert StagedUpload.objects.count() == 1


def test_required_field_asks_for_a_file(client: Client) -> None:
    assert "Please choose a file" in page_after(client, name="Ministry")


def test_forged_tokens_and_those_of_other_fields_count_for_nothing(client: Client) -> None:
    page = client.post("/logo/", {"name": "", "logo": _picture()}).content.decode()
    found = re.search(r'name="logo-held" value="([^"]*)"', page)
    assert found is not None
    given = {"papers-held": [found[1], "forged"]}
    assert "Please choose a file" in page_after(client, name="Ministry", **given)


def _picture() -> io.BytesIO:
    file = io.BytesIO(samples.logo())
    file.name = "emblem.png"
    return file


def test_two_forms_of_one_class_do_not_share_their_files(client: Client) -> None:
    page_after(client, name="", papers=[paper("a.docx")])
    assert PapersForm().fields["papers"].widget.all_held == []


def test_document_is_sent_in_parts_ahead_of_its_form(client: Client) -> None:
    content = papers.office(more={"word/media/a.txt": "x" * 1000})
    state = sending.start(client, content, "plan.docx", TICKET)
    address = str(state["address"])
    sending.answer(sending.append(client, address, 0, content[:300]))
    sending.answer(sending.append(client, address, 300, content[300:]))
    token = sending.answer(sending.finish(client, address))["token"]
    held = StagedUpload.objects.get()
    assert (held.name, held.size) == ("plan.docx", len(content))
    assert held.open().read() == content
    assert taken(client, **{"papers-held": token}) == ["plan.docx"]


def test_name_that_no_document_has_is_refused_before_a_byte_is_sent(client: Client) -> None:
    response = sending.ask_to_start(client, 1000, "plan.exe", TICKET)
    assert "ends in “.exe” are not taken" in sending.answer(response, 422)["refused"]
    assert PartialUpload.objects.count() == 0


def test_document_sent_in_parts_is_refused_by_its_first_bytes_or_at_the_end(
    client: Client,
) -> None:
    address = str(sending.start(client, bytes(2 * 2**10), "a.pdf", TICKET)["address"])
    response = sending.append(client, address, 0, b"<html>" + bytes(500))
    assert "of the kind HTML" in sending.answer(response, 422)["refused"]
    content = papers.office(more={"word/vbaProject.bin": papers.OLE})
    address = str(sending.start(client, content, "a.docx", TICKET)["address"])
    sending.answer(sending.append(client, address, 0, content))
    refused = sending.answer(sending.finish(client, address), 422)
    assert "holds macros" in refused["refused"]
    assert PartialUpload.objects.count() == StagedUpload.objects.count() == 0
    page = page_after(
        client,
        name="Ministry",
        **{"papers-refused": refused["signed"], "papers-refused-name": "a.docx"},
    )
    assert "“a.docx”: This file holds macros" in page


def test_forged_refusal_says_nothing(client: Client) -> None:
    forged = signed_refusal("Send us money.")[:-1]
    given = {"papers-refused": forged, "papers-refused-name": "a.docx"}
    assert taken(client, papers=paper("a.docx"), **given) == ["a.docx"]


def test_documents_count_with_what_their_sender_may_send(client: Client) -> None:
    assert LIMIT == 1 * MB
    response = client.post("/papers/", {"name": "x"}, headers={"content-length": str(30 * MB)})
    assert response.status_code == 413
