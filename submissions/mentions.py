"""Whom a note is meant for: the colleagues who may review a case, and those that a text names."""

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from organizations.models import User
from organizations.reviewers import reviewers
from submissions.models import Submission


def colleagues(submission: Submission) -> QuerySet[User]:
    """Whoever may review the case, in the order of their names."""
    return reviewers(submission.organization)


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Those whom the text names after an `@`: by the whole name, or by a first name that one has.

    >>> named_in("@amina, please see @Tomás Vega", people)
    [<User: Amina Diallo>, <User: Tomás Vega>]
    """
    people = list(people)
    first_names = [person.first_name.casefold() for person in people]
    return [
        person
        for person in people
        if _is_named(text, person.get_full_name())
        or (
            first_names.count(person.first_name.casefold()) == 1
            and _is_named(text, person.first_name)
        )
    ]


def _is_named(text: str, name: str) -> bool:
    spelled = r"\s+".join(map(re.escape, name.split()))
    pattern = rf"(?<![\w.+-])@{spelled}(?!\w)"
    return bool(spelled) and re.search(pattern, text, re.IGNORECASE) is not None
