"""Asks a permission of everybody: who may do what."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from organizations.models import User

People = dict[str, User | AnonymousUser]
Predicate = Callable[..., bool]


def may(people: People, predicate: Predicate, *about: object) -> set[str]:
    """The names of those to whom the predicate says yes; an answer is nothing but yes or no."""
    found = {name: predicate(person, *about) for name, person in people.items()}
    assert {type(answer) for answer in found.values()} == {bool}
    return {name for name, answer in found.items() if answer}
