"""The worker reads the PDF files of the library: pages of text, a cover, the language."""

import random
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from alliance.files import child
from knowledge.importing import add_version
from knowledge.models import Edition, EditionFile, Page
from knowledge.tasks import read_again, read_due_files
from tests.knowledge import pdfs
from tests.knowledge.factories import make_report

SENTENCE = "Institutions learn more where exchanges are long-term, mutual and well prepared. "


def added(content: bytes, edition: Edition | None = None) -> EditionFile:
    """As the library keeps it once it was taken."""
    edition = edition or make_report().editions.get()
    return add_version(edition, pdf=pdfs.opened(content), is_digest=False, by=None)


def slipped_in(content: bytes) -> EditionFile:
    """A file whose bytes are not those that were looked through when it came."""
    version = added(pdfs.saved(pdfs.plain()))
    Path(version.file.path).write_bytes(content)
    return version


def read(version: EditionFile) -> EditionFile:
    read_due_files()
    version.refresh_from_db()
    return version


def pages_of(version: EditionFile) -> list[str]:
    return list(version.pages.order_by("number").values_list("text", flat=True))


def test_report_in_two_columns_is_read_page_by_page() -> None:
    markup = "= What was learned\n" + SENTENCE * 60
    head = 'header: [Study of the exchange], footer: context counter(page).display("1 / 1", both: true)'
    version = read(added(pdfs.typeset(markup, columns=2, page=head)))
    pages = pages_of(version)
    assert (version.text_state, version.page_count) == ("read", len(pages))
    assert (version.language_found, version.text_is_cut) == ("en", False)
    whole = " ".join(pages).replace("\n\n", " ")
    assert whole == f"What was learned {SENTENCE * 60}".strip()


@pytest.mark.skipif(not pdfs.SEED.exists(), reason="the text of the reports is not at hand")
def test_report_as_it_was_handed_over_comes_back_in_its_order() -> None:
    paragraphs = pdfs.paragraphs_of_seed()
    pages = pages_of(read(added(pdfs.typeset(pdfs.marked_up(paragraphs), columns=2))))
    read_words = "".join("".join(pages).split())
    found = sum("".join(paragraph.split()) in read_words for paragraph in paragraphs)
    assert found > 0.9 * len(paragraphs)


def test_arabic_is_read_in_the_order_in_which_it_is_spoken() -> None:
    text = "خلال عام 2019 أظهرت الدراسة أن المؤسسات تتعلم أكثر، وأن المقابلات مفيدة."
    version = read(added(pdfs.typeset(text, language="ar")))
    assert pages_of(version) == [text]
    assert version.language_found == "ar"


def test_chinese_is_read_without_blanks() -> None:
    text = (
        "南南合作是发展中国家之间的合作，目的是促进共同发展。本报告研究了公共机构之间的人员交流。"
    )
    version = read(added(pdfs.typeset(text, language="zh")))
    assert pages_of(version) == [text]
    assert version.language_found == "zh"


def test_scan_has_pages_and_a_cover_but_no_text() -> None:
    version = read(added(pdfs.scanned(2)))
    assert (version.text_state, version.page_count, version.language_found) == ("empty", 2, "")
    assert version.cover


def test_cover_is_small_and_as_wide_as_lists_show_it() -> None:
    version = read(added(pdfs.typeset("= A title\n" + SENTENCE * 30)))
    with Image.open(storages["pictures"].open(str(version.cover.name))) as cover:
        assert (cover.format, cover.width) == ("WEBP", 320)
    assert storages["pictures"].size(str(version.cover.name)) < 24_000


def test_thousand_pages_are_read() -> None:
    version = read(added(pdfs.saved(pdfs.plain(1000))))
    assert (version.text_state, version.pages.count()) == ("read", 1000)
    assert version.pages.get(number=1000).text == "Leaf 1000 of the long report"


@pytest.mark.parametrize(
    ("turn", "across"), [(90, "0 1 -1 0 150"), (180, "-1 0 0 -1 280"), (270, "0 -1 1 0 150")]
)
def test_page_that_is_turned_is_read_as_it_is_seen(turn: int, across: str) -> None:
    pdf = pdfs.plain(1)
    page = pdf.pages[0]
    page.Rotate = turn
    lines = f"BT /F 12 Tf 14 TL {across} 100 Tm (The first line) Tj T* (and another) Tj ET"
    page.Contents = pdf.make_stream(lines.encode())
    assert pages_of(read(added(pdfs.saved(pdf)))) == ["The first line and another"]


def test_pages_of_the_older_version_go_when_the_newer_one_is_read() -> None:
    edition = make_report().editions.get()
    old = read(added(pdfs.saved(pdfs.plain(2)), edition))
    new = added(pdfs.saved(pdfs.plain(3)), edition)
    assert Page.objects.filter(file=old).count() == 2
    read(new)
    assert (Page.objects.filter(file=old).count(), new.pages.count()) == (0, 3)


def test_older_version_that_is_read_later_does_not_come_back() -> None:
    edition = make_report().editions.get()
    old, new = added(pdfs.saved(pdfs.plain(2)), edition), added(pdfs.saved(pdfs.plain(3)), edition)
    EditionFile.objects.filter(pk=old.pk).update(text_due_at=timezone.now() + timedelta(hours=1))
    read(new)
    EditionFile.objects.filter(pk=old.pk).update(text_due_at=timezone.now())
    assert read(old).text_state == "read"
    assert (old.pages.count(), new.pages.count()) == (0, 3)


def test_file_is_read_once_a_scan_has_found_nothing_in_it(settings: LazySettings) -> None:
    edition = make_report().editions.get()
    old = read(added(pdfs.saved(pdfs.plain(2)), edition))
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    new = added(pdfs.saved(pdfs.plain(3)), edition)
    assert read(new).text_state == "due"
    judge = EditionFile.objects.filter(pk=new.pk).update
    judge(scan="refused", scanned_at=timezone.now(), scan_due_at=None)
    assert (read(new).text_state, old.pages.count()) == ("due", 2)
    judge(scan="clean")
    assert (read(new).text_state, old.pages.count(), new.pages.count()) == ("read", 0, 3)


def test_file_of_a_worker_that_was_killed_is_read_again_once_its_time_is_up() -> None:
    version = added(pdfs.saved(pdfs.plain(1)))
    later = timezone.now() + timedelta(minutes=5)
    EditionFile.objects.update(text_due_at=later, text_attempts=1)
    assert read(version).text_state == "due"
    EditionFile.objects.update(text_due_at=timezone.now())
    assert read(version).text_state == "read"
    assert len(pages_of(version)) == 1


def test_file_that_no_worker_comes_back_from_is_given_up() -> None:
    version = added(pdfs.saved(pdfs.plain(1)))
    EditionFile.objects.update(text_attempts=3)
    assert read(version).text_state == "failed"


def test_lost_file_and_busy_readers_are_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    version = added(pdfs.saved(pdfs.plain(1)))
    monkeypatch.setattr(child, "_WAIT_SECONDS", 0)
    with child.slot("reading", places=1):
        assert read(version).text_state == "due"
    assert version.text_due_at > timezone.now() + timedelta(minutes=4)


def test_reading_twice_at_once_keeps_one_outcome() -> None:
    version = read(added(pdfs.saved(pdfs.plain(2))))
    assert read_due_files() == 0
    assert len(pages_of(version)) == 2


def test_current_files_are_read_again_when_that_is_asked_for() -> None:
    edition = make_report().editions.get()
    old, new = (read(added(pdfs.saved(pdfs.plain(pages)), edition)) for pages in (2, 3))
    new.pages.update(text="as an older reader read it")
    said = StringIO()
    call_command("read_reports", "--again", stdout=said)
    assert said.getvalue() == "due once more: 1\nread: 1\n"
    assert (old.pages.count(), pages_of(new)[0]) == (0, "Leaf 1 of the long report")
    assert read_due_files() == 0


def test_the_version_before_one_with_a_virus_is_read_again() -> None:
    edition = make_report().editions.get()
    clean, refused = (added(pdfs.saved(pdfs.plain(pages)), edition) for pages in (2, 3))
    EditionFile.objects.filter(pk=refused.pk).update(
        scan=EditionFile.Scan.REFUSED, scanned_at=timezone.now()
    )
    read(clean).pages.update(text="as an older reader read it")
    assert (read_again(), read_due_files()) == (1, 1)
    assert pages_of(clean)[0] == "Leaf 1 of the long report"


HOSTILE = {
    "bomb": pdfs.bomb,
    "endless tree": pdfs.endless_tree,
    "huge page": pdfs.huge_page,
    "password": lambda: pdfs.locked("secret"),
    "nothing but a header": lambda: b"%PDF-1.7\n",
    "half a file": lambda: pdfs.typeset(SENTENCE * 40)[:6000],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_harms_nobody_and_the_next_one_is_read(name: str) -> None:
    hostile = slipped_in(HOSTILE[name]())
    sound = added(pdfs.saved(pdfs.plain(2)))
    read_due_files()
    hostile.refresh_from_db()
    sound.refresh_from_db()
    assert hostile.text_state in {"read", "empty", "failed"}
    assert sound.text_state == "read"


def test_mutated_files_harm_nobody() -> None:
    chance = random.Random(7)
    whole = pdfs.typeset(SENTENCE * 20)
    for _file in range(6):
        content = bytearray(whole)
        for _byte in range(chance.randrange(1, 400)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        version = slipped_in(bytes(content))
        assert read(version).text_state in {"read", "empty", "failed"}
        Edition.objects.all().delete()
