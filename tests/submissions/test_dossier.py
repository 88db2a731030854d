"""The dossier of a case: everything, for reviewers, the internal part marked."""

import pypdfium2
import pytest

from alliance.models import Event
from organizations.models import Membership, User
from submissions import actions
from submissions.dossier import pdf_dossier
from submissions.models import Submission
from tests import factories
from tests.submissions.asking import answered, under_questions

INTERNAL = "Internal: for the secretariat alone"


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.split()) for text in texts]


@pytest.fixture
def case(owner: User, reviewer: User) -> Submission:
    """Sent, asked about, answered with a change, and noted upon."""
    clarification = under_questions(owner, reviewer, "description")
    submission = answered(clarification, owner, description="We run 40 stations by radio.")
    actions.write_note(submission, by=reviewer, text="They smell of herring.")
    return submission


def test_the_dossier_holds_all_of_the_case(case: Submission, reviewer: User) -> None:
    pdf = pdf_dossier(case, by=reviewer)
    text = " ".join(pages(pdf))
    for words in (
        str(case.reference),
        case.organization.name,
        "We run 40 stations by radio.",
        "Changed with revision 2",
        "We run the national weather service",  # as it was before
        "How many of the stations send data today?",
        "As you say.",
        "Draft begun",
        "They smell of herring.",
        "Due diligence",
        str(reviewer),
    ):
        assert words in text, words
    assert b"pdfuaid" in pdf


def test_what_is_internal_begins_on_a_page_of_its_own_and_says_so_on_each(
    case: Submission, reviewer: User
) -> None:
    for number in range(40):
        actions.write_note(case, by=reviewer, text=f"Herring number {number}. " + 300 * "A word. ")
    told = pages(pdf_dossier(case, by=reviewer))
    marked = [INTERNAL in page for page in told]
    first = marked.index(True)
    assert first > 0
    assert marked == [False] * first + [True] * (len(told) - first)
    assert len(told) - first > 3
    assert not any("herring" in page.lower() for page in told[:first])


def test_what_was_typed_never_becomes_code(owner: User, reviewer: User) -> None:
    submission = factories.submitted(owner, description="#eval(1) $x$ *a* \\ @b <c>")
    actions.write_note(submission, by=reviewer, text='#panic("no") 雨量')
    text = " ".join(pages(pdf_dossier(submission, by=reviewer)))
    assert "#eval(1) $x$ *a* \\ @b <c>" in text
    assert '#panic("no") 雨量' in text


def test_it_is_downloaded_from_the_review_page_and_noted(case: Submission, reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    address = f"/admin/submissions/submission/{case.pk}/dossier.pdf"
    page = client.get(f"/admin/submissions/submission/{case.pk}/change/").content.decode()
    assert f'href="{address}"' in page
    response = client.get(address)
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}-dossier.pdf"'
    event = Event.objects.all().about(case).latest("id")
    assert (event.name, event.actor_id, event.internal) == (
        "submission.dossier_made",
        reviewer.pk,
        True,
    )


def test_nobody_takes_out_the_case_of_their_own_organization(
    case: Submission, senior: User
) -> None:
    Membership.objects.create(
        user=senior, organization=case.organization, role="reader", function="Adviser"
    )
    response = factories.logged_in(senior).get(
        f"/admin/submissions/submission/{case.pk}/dossier.pdf"
    )
    assert response.status_code == 403
    assert not Event.objects.filter(name="submission.dossier_made").exists()
