"""What a profile needs, what of it is missing, and that the checks cannot end before."""

import pytest
from django.test import Client

from organizations.completeness import checklist, is_profile_complete, missing_in_profile
from organizations.models import Organization, OrganizationDocument, RelatedName
from tests import factories
from tests.organizations.registering import picture

# The tests of papers share one folder, so they share one worker.
pytestmark = pytest.mark.django_db

EDIT = "/organization/edit/"
EVERYTHING = {
    "website": "example.org",
    "description": "We measure rain.",
    "registration_number": "MW 12/77",
    "former_name": "Weather Bureau\n\n  Met   Office \nWeather Bureau",
    "parent": "Ministry of Water",
    "head": "Grace Banda",
    "owner": "State of Malawi",
    "board": "Ada Obi\nJean Ndiaye",
}


def missing(organization: Organization) -> list[str]:
    return [str(item.label) for item in missing_in_profile(organization)]


def organization_of(code: str, **fields: str) -> Organization:
    return factories.organization(type=factories.term("organization-type", code), **fields)


def bare(code: str) -> Organization:
    row = organization_of(code, website="", description="", logo="")
    row.related_names.all().delete()
    return row


def test_state_body_needs_little() -> None:
    assert missing(bare("ministry")) == [
        "Organization logo",
        "Website",
        "Brief description of your institution",
        "Head of the institution",
    ]
    assert is_profile_complete(organization_of("ministry"))


def test_association_says_where_it_is_registered_and_who_decides() -> None:
    assert missing(organization_of("ngo-national")) == [
        "Registration number",
        "Board",
        "Registration certificate",
    ]


def test_company_says_whom_it_belongs_to() -> None:
    assert missing(organization_of("company-large"))[-1] == "Owners"


def test_profile_is_complete_once_everything_is_there() -> None:
    row = organization_of("company-large", registration_number="MW 12")
    for kind in (RelatedName.Kind.BOARD, RelatedName.Kind.OWNER):
        RelatedName.objects.create(organization=row, kind=kind, name="Ada Obi")
    assert missing(row) == ["Registration certificate"]
    OrganizationDocument.objects.create(
        organization=row,
        kind=OrganizationDocument.Kind.REGISTRATION,
        name="certificate.pdf",
        size=1,
        sha256="0" * 64,
    )
    assert is_profile_complete(row)


def test_every_missing_item_leads_to_where_it_is_mended(owner_client: Client) -> None:
    row = Organization.objects.get(memberships__user__first_name="Thandiwe")
    row.type = factories.term("organization-type", "company-large")
    row.website = ""
    row.save()
    row.related_names.all().delete()
    page = owner_client.get("/organization/").content.decode()
    edit = owner_client.get(EDIT).content.decode()
    for item in checklist(row):
        if item.is_there:
            continue
        assert str(item.label) in page
        if item.anchor:
            assert f'href="{EDIT}#{item.anchor}"' in page
            assert f'id="{item.anchor}"' in edit
        else:
            assert 'href="/organization/documents/add/"' in page


def test_names_around_the_institution_are_kept_one_a_line(
    owner_client: Client, organization: Organization
) -> None:
    answer = owner_client.post(EDIT, EVERYTHING | {"logo": picture()})
    assert answer["Location"] == "/organization/"
    rows = organization.related_names.order_by("kind", "id").values_list("kind", "name")
    assert list(rows) == [
        ("board", "Ada Obi"),
        ("board", "Jean Ndiaye"),
        ("former_name", "Weather Bureau"),
        ("former_name", "Met Office"),
        ("head", "Grace Banda"),
        ("owner", "State of Malawi"),
        ("parent", "Ministry of Water"),
    ]
    page = owner_client.get("/organization/").content.decode()
    assert "Jean Ndiaye" in page
    again = owner_client.get(EDIT).content.decode()
    assert "Weather Bureau\nMet Office</textarea>" in again
    organization.refresh_from_db()
    assert organization.registration_number == "MW 12/77"


def test_name_that_is_taken_out_is_gone_and_others_stay_the_same_rows(
    owner_client: Client, organization: Organization
) -> None:
    owner_client.post(EDIT, EVERYTHING | {"logo": picture()})
    kept = organization.related_names.get(name="Ada Obi")
    owner_client.post(EDIT, EVERYTHING | {"board": "Ada Obi", "head": "Amina Sow"})
    names = organization.related_names.filter(kind__in=["board", "head"])
    assert sorted(row.name for row in names) == ["Ada Obi", "Amina Sow"]
    assert organization.related_names.get(name="Ada Obi") == kept


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("board", "\n".join(f"Name {number}" for number in range(61)), "Please leave out 1 name."),
        ("owner", "x" * 301, "A name has at most 300 characters."),
        (
            "former_name",
            "a\0b",
            "There is a character in this that cannot be kept. Please type it anew.",
        ),
        ("head", "a\0b", "There is a character in this that cannot be kept. Please type it anew."),
        (
            "registration_number",
            "9" * 101,
            "Please shorten this to 100 characters (it has 101).",
        ),
    ],
)
def test_what_is_wrong_with_names_stands_beside_its_field(
    owner_client: Client, field: str, value: str, message: str
) -> None:
    page = owner_client.post(EDIT, EVERYTHING | {"logo": picture(), field: value})
    assert page.context["form"].errors == {field: [message]}
