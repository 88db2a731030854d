"""What the tables of people and organizations hold about a person, and those of the ground.

The tables of applications stand in `submissions/personal_data.py`, which puts all together.
"""

from allauth.account.models import EmailAddress

from alliance.personal_data import Person
from organizations.models import Membership, User
from organizations.personal_data import accounts, institutions, machinery, messages, screening

TABLES = (
    *accounts.TABLES,
    *institutions.TABLES,
    *screening.TABLES,
    *messages.TABLES,
    *machinery.TABLES,
)


def person_of(user: User) -> Person:
    """The person behind an account, with all of its addresses and its organization."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return Person(
        pk=user.pk,
        addresses=frozenset({user.email, *(address.lower() for address in addresses)}),
        first_name=user.first_name,
        last_name=user.last_name,
        organizations=frozenset(
            Membership.objects.filter(user=user).values_list("organization_id", flat=True)
        ),
    )
