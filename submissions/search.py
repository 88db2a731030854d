"""Search over everything that the secretariat knows a case by."""

import re
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Exists, Expression, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from alliance import searching
from organizations.models import Organization, RelatedName, User
from submissions.models import Note, Revision, Submission
from submissions.models.kinds import REFERENCE_PREFIXES

# "EOI-2026-000123", "dem 91", "2026-000123", "123": the number is the row's own.
_REFERENCE = re.compile(
    rf"(?:({'|'.join(REFERENCE_PREFIXES.values())})[-\s]*)?(?:(\d{{4}})-)?0*(\d{{1,15}})", re.I
)
# Stands where a word belongs, in text that is made once.
_MARK = "the word"
# As many numbers a statement may well be handed.
MOST_FEW = 2000
_FEW = RawSQL("SELECT id FROM few", [])
_BEGINNING = re.compile(rf"(?:{'|'.join(REFERENCE_PREFIXES.values())})(?:-[\d-]*)?", re.I)
_KINDS = {prefix: kind for kind, prefix in REFERENCE_PREFIXES.items()}


def matching(text: str) -> Q:
    """The submissions that hold every word of `text` somewhere, or have it as their reference.

    Looked at are title, names of the institution, also former ones, the newest answers, notes of
    the staff, and who sent it. Words may stand in different places. Asks the database at once: few
    are found by their numbers, so that a page that lists and counts them looks for them once.
    """
    words = searching.words(text)
    if not words:
        return _numbered(text)
    few = _few(words)
    if few is not None:
        return Q(pk__in=few) | _numbered(text)
    found = Q()
    for word in words:
        found &= Q(pk__in=RawSQL(*_numbers_with(word)))  # noqa: S611 - made by the ORM
    return found | _numbered(text)


def _few(words: list[searching.Word]) -> list[int] | None:
    """The numbers of those with all words; None where the word that seems rarest is in many."""
    rarest, *others = sorted(words, key=_commonness)
    sql, values = _numbers_with(rarest)
    arms = [_numbers_with(word, among_few=True) for word in others]
    conditions = "".join(f" AND id IN ({arm})" for arm, _values in arms)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH few (id) AS MATERIALIZED ({sql} LIMIT {MOST_FEW + 1}) "  # noqa: S608 - made by the ORM
            f"SELECT (SELECT count(*) FROM few), ARRAY(SELECT DISTINCT id FROM few "
            f"WHERE (SELECT count(*) FROM few) <= {MOST_FEW}{conditions})",
            [*values, *(value for _arm, of_arm in arms for value in of_arm)],
        )
        number, found = cursor.fetchone()
    return None if number > MOST_FEW else found


def _commonness(word: searching.Word) -> tuple[bool, int]:
    """Sorts words with figures first, then the long ones: those are in the fewest texts."""
    return not any(map(str.isdecimal, word.text)), -len(word.text)


def _numbered(text: str) -> Q:
    text = text.strip()
    typed = _REFERENCE.fullmatch(text)
    if typed is None:
        begun = _BEGINNING.fullmatch(text) is not None
        return Q(reference__startswith=text.upper()) if begun else Q(pk__in=[])
    prefix, year, number = typed.groups()
    found = Q(pk=int(number))
    if prefix:
        found &= Q(kind=_KINDS[prefix.upper()])
    return found & Q(submitted_at__year=int(year)) if year and int(year) else found


def _numbers_with(word: searching.Word, *, among_few: bool = False) -> tuple[str, list[Any]]:
    """The question for one word: its text is made once, its word put in for each search."""
    sql, values = _compiled(word.search_type, among_few)
    return sql, [word.text if value == _MARK else value for value in values]


@cache
def _compiled(search_type: str, among_few: bool) -> tuple[str, tuple[Any, ...]]:
    query = SearchQuery(_MARK, config=searching.CONFIG, search_type=search_type)
    sql, values = _holding(query, _FEW if among_few else None).query.sql_with_params()
    return sql, tuple(values)


def _holding(word: SearchQuery, few: RawSQL | None) -> QuerySet:
    """The numbers of submissions with this word; a list for each place, joined by the database.

    Looked at are all of them, or a `few` whose numbers are known.
    """

    def holders(model: type[Model], vector: Expression) -> QuerySet:
        return model._default_manager.annotate(found_in=vector).filter(found_in=word).order_by()

    def of_few(rows: QuerySet, column: str) -> QuerySet:
        return rows if few is None else rows.filter(**{f"{column}__in": few})

    newer = Revision.objects.filter(
        submission=OuterRef("submission"), number__gt=OuterRef("number")
    )
    former = holders(RelatedName, RelatedName.SEARCHED).filter(kind=RelatedName.Kind.FORMER_NAME)
    cases = of_few(Submission.objects.order_by(), "pk")
    answers = holders(Revision, Revision.SEARCHED).filter(~Exists(newer))
    return (
        of_few(holders(Submission, Submission.SEARCHED), "pk")
        .values("pk")
        .union(
            cases.filter(
                organization__in=holders(Organization, Organization.SEARCHED).values("pk")
            ).values("pk"),
            cases.filter(organization__in=former.values("organization")).values("pk"),
            cases.filter(submitted_by__in=holders(User, User.SEARCHED).values("pk")).values("pk"),
            of_few(answers, "submission").values("submission"),
            of_few(holders(Note, Note.SEARCHED), "submission").values("submission"),
            all=True,
        )
    )
