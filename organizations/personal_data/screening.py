"""Names that are compared with the sanctions list, and what was found in them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.personal_data import Delete, DeleteNamed, Export, Person, Redact, Table
from organizations.models import Hit, ScreenedName
from organizations.personal_data.rows import in_my_organization, my_address
from organizations.screening.spelling import one_spelling
from organizations.workflow import HIT_DISMISSED

OFFICERS = (ScreenedName.Kind.HEAD, ScreenedName.Kind.OWNER, ScreenedName.Kind.BOARD)


def _my_name_here(person: Person) -> Q:
    """Names without an address that are written like the person's, in their own organization."""
    spelling = one_spelling(f"{person.first_name} {person.last_name}")
    return in_my_organization(person) & Q(email="", spelling=spelling) & ~Q(spelling="")


def _not_needed(person: Person) -> Q:
    """Names that are screened no more once the person is gone.

    A living organization goes on naming its heads and owners. What a check has found, or still
    looks at, is kept whoever it is about.
    """
    is_officer = Q(kind__in=OFFICERS, organization__closed_at=None)
    found = Hit.objects.exclude(status=HIT_DISMISSED).values("name")
    return ~is_officer & ~Q(pk__in=found)


TABLES = (
    Table(
        model="organizations.ScreeningRun",
        kept="screening",
        plain=frozenset({"method"}),
    ),
    Table(
        model="organizations.ScreenedName",
        kept="screening",
        export=Export(
            "names_compared_with_the_sanctions_list",
            lambda person: my_address(person) | _my_name_here(person),
            {
                "name": "name",
                "email": "email",
                "organization": "organization__name",
                "as": "kind",
                "since": "added_at",
                "until": "retired_at",
            },
        ),
        on_erasure=(
            Delete(lambda person: my_address(person) & _not_needed(person)),
            DeleteNamed(lambda person: in_my_organization(person) & _not_needed(person), "name"),
            Redact(in_my_organization, ("retired_reason",)),
        ),
        plain=frozenset({"reference"}),
        stays=_(
            "A name of yours in which the comparison with the sanctions list has found something "
            "stays with what was found: the United Nations are bound to know it."
        ),
    ),
    Table(
        model="organizations.Hit",
        kept="screening",
        on_erasure=(Redact(in_my_organization, ("reason",)),),
        # The listed name is public; the evidence goes, or stays, with the name that it is about.
        plain=frozenset({"listed_name", "evidence"}),
    ),
)
