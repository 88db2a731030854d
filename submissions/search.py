"""Search over everything that the secretariat knows a case by."""

import re
from functools import cache

from django.contrib.postgres.search import SearchQuery
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
_BEGINNING = re.compile(rf"(?:{'|'.join(REFERENCE_PREFIXES.values())})(?:-[\d-]*)?", re.I)
_KINDS = {prefix: kind for kind, prefix in REFERENCE_PREFIXES.items()}


def matching(text: str) -> Q:
    """The submissions that hold every word of `text` somewhere, or have it as their reference.

    Looked at are title, names of the institution, also former ones, the newest answers, notes of
    the staff, and who sent it. Words may stand in different places.
    """
    words = searching.words(text)
    found = Q(pk__in=[]) if not words else Q()
    for word in words:
        found &= Q(pk__in=_numbers_with(word))
    return found | _numbered(text)


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


def _numbers_with(word: searching.Word) -> RawSQL:
    """The question for one word: its text is made once, its word put in for each search."""
    sql, values = _compiled(word.search_type)
    return RawSQL(sql, [word.text if value == _MARK else value for value in values])  # noqa: S611 - made by the ORM


@cache
def _compiled(search_type: str) -> tuple[str, tuple[object, ...]]:
    query = SearchQuery(_MARK, config=searching.CONFIG, search_type=search_type)
    sql, values = _holding(query).query.sql_with_params()
    return sql, tuple(values)


def _holding(word: SearchQuery) -> QuerySet:
    """The numbers of submissions with this word; a list for each place, joined by the database."""

    def holders(model: type[Model], vector: Expression) -> QuerySet:
        return model._default_manager.annotate(found_in=vector).filter(found_in=word).order_by()

    newer = Revision.objects.filter(
        submission=OuterRef("submission"), number__gt=OuterRef("number")
    )
    former = holders(RelatedName, RelatedName.SEARCHED).filter(kind=RelatedName.Kind.FORMER_NAME)
    cases = Submission.objects.order_by()
    return (
        holders(Submission, Submission.SEARCHED)
        .values("pk")
        .union(
            cases.filter(
                organization__in=holders(Organization, Organization.SEARCHED).values("pk")
            ).values("pk"),
            cases.filter(organization__in=former.values("organization")).values("pk"),
            cases.filter(submitted_by__in=holders(User, User.SEARCHED).values("pk")).values("pk"),
            holders(Revision, Revision.SEARCHED).filter(~Exists(newer)).values("submission"),
            holders(Note, Note.SEARCHED).values("submission"),
            all=True,
        )
    )
