"""Which rows are a person's, in the words of more than one table."""

from django.db.models import Q

from alliance.personal_data import Person


def of_user(person: Person) -> Q:
    return Q(user=person.pk)


def my_address(person: Person) -> Q:
    return Q(email__in=person.addresses)


def in_my_organization(person: Person) -> Q:
    return Q(organization__in=person.organizations)
