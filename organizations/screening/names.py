"""Keeps the list of screened names at what registration and profile say now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower, Trim
from django.utils import timezone

from organizations.models import (
    Hit,
    Membership,
    Organization,
    RelatedName,
    SanctionsSnapshot,
    ScreenedName,
)
from organizations.screening.spelling import one_spelling
from organizations.workflow import HIT_CONFIRMED, HIT_OPEN

_Kind = ScreenedName.Kind
_Source = ScreenedName.Source


@dataclass(frozen=True)
class Wanted:
    """A name that has to be on the list of an organization."""

    kind: str
    name: str
    source: str
    email: str = ""


def due_for_screening(snapshot: SanctionsSnapshot, method: str) -> QuerySet[Organization]:
    """Organizations with a name that was not compared with this list, or is not noted yet."""
    own = ScreenedName.objects.active().filter(organization=OuterRef("pk"))
    # What a person has taken off the list is noted too, and stays off.
    noted = Q(retired_at=None) | ~Q(retired_reason="")
    same = ScreenedName.objects.filter(noted, organization=OuterRef("organization"))
    owners = (
        Membership.objects.filter(organization=OuterRef("pk"), role=Membership.Role.OWNER)
        .annotate(
            full_name=Trim(Concat("user__first_name", Value(" "), "user__last_name")),
            email=Lower("user__email"),
        )
        .exclude(full_name="")
        .exclude(Exists(same.filter(name=OuterRef("full_name"), email=OuterRef("email"))))
    )
    related = RelatedName.objects.filter(organization=OuterRef("pk")).exclude(
        Exists(same.filter(kind=OuterRef("kind"), name=OuterRef("name"), email=""))
    )
    outdated = Q(run=None) | ~Q(run__snapshot=snapshot) | ~Q(run__method=method)
    return Organization.objects.filter(closed_at=None).filter(
        Exists(own.filter(outdated))
        | ~Exists(own.filter(kind=_Kind.INSTITUTION, name=OuterRef("name")))
        | Exists(owners)
        | Exists(related)
    )


def sync_names(organizations: Sequence[Organization]) -> None:
    """Note every name that these organizations have now; the caller holds their locks.

    A name that is gone is no longer screened, unless a hit on it is open or confirmed. The former
    name of a renamed institution stays. What an application or the secretariat has named stays,
    and what the secretariat has taken off stays off.
    """
    pks = [organization.pk for organization in organizations]
    known: dict[int, list[ScreenedName]] = defaultdict(list)
    for row in ScreenedName.objects.filter(organization__in=pks):
        known[row.organization_id].append(row)
    wanted = _wanted(organizations)
    undecided = set(
        Hit.objects.filter(organization__in=pks, status__in=[HIT_OPEN, HIT_CONFIRMED]).values_list(
            "name", flat=True
        )
    )
    changed: list[ScreenedName] = []
    new: list[ScreenedName] = []
    for organization in organizations:
        one = _Sync(organization, known[organization.pk], wanted[organization.pk])
        one.run(undecided)
        changed += one.changed
        new += one.new
    ScreenedName.objects.bulk_update(changed, ["kind", "name", "email", "retired_at"])
    ScreenedName.objects.bulk_create(new)


def _wanted(organizations: Iterable[Organization]) -> dict[int, list[Wanted]]:
    found: dict[int, list[Wanted]] = {}
    for organization in organizations:
        found[organization.pk] = [
            Wanted(_Kind.INSTITUTION, organization.name, _Source.REGISTRATION)
        ]
    owners = Membership.objects.filter(organization__in=found, role=Membership.Role.OWNER)
    for membership in owners.select_related("user"):
        if name := membership.user.get_full_name():
            found[membership.organization_id].append(
                Wanted(_Kind.REGISTRANT, name, _Source.REGISTRATION, membership.user.email.lower())
            )
    for related in RelatedName.objects.filter(organization__in=found):
        found[related.organization_id].append(Wanted(related.kind, related.name, _Source.PROFILE))
    return found


class _Sync:
    """One organization's names: what is noted, what ought to be, and what has to change."""

    def __init__(
        self, organization: Organization, known: list[ScreenedName], wanted: list[Wanted]
    ) -> None:
        self.organization = organization
        self.known = known
        self.wanted = wanted
        self.changed: list[ScreenedName] = []
        self.new: list[ScreenedName] = []
        self._taken: set[int] = set()

    def run(self, undecided: set[int]) -> None:
        exact = {(row.email or row.kind, row.name): row for row in self.known}
        left = []
        for one in self.wanted:
            row = exact.get((one.email or one.kind, one.name))
            if row is None:
                left.append(one)
            else:
                self._keep(row)
        for one in left:
            row = next(self._other_spellings(one), None)
            if row is None:
                self.new.append(self._make(one))
            else:
                self._keep(row, kind=self._kind(row, one), name=one.name, email=one.email)
        for row in self.known:
            if row.pk not in self._taken and row.retired_at is None:
                self._let_go(row, undecided)

    def _other_spellings(self, one: Wanted) -> Iterator[ScreenedName]:
        """Rows of the same name in other letters, or of the same person under an older address.

        The row of an institution that has another name by now is that of its former name.
        """
        spelling = one_spelling(one.name)
        for row in self.known:
            if row.pk in self._taken or row.spelling != spelling:
                continue
            if row.email == one.email if one.email else row.kind == one.kind and not row.email:
                yield row
        for row in self.known:
            is_free = row.pk not in self._taken and row.kind == _Kind.REGISTRANT
            if is_free and row.spelling == spelling and one.kind == _Kind.REGISTRANT:
                yield row
        for row in self.known:
            is_free = row.pk not in self._taken and row.kind == _Kind.INSTITUTION
            if is_free and row.spelling == spelling and one.kind == _Kind.FORMER_NAME:
                yield row

    def _kind(self, row: ScreenedName, one: Wanted) -> str:
        """A person keeps the first capacity they were named in; an institution's name may end."""
        return one.kind if row.kind == _Kind.INSTITUTION else row.kind

    def _make(self, one: Wanted) -> ScreenedName:
        return ScreenedName(
            organization=self.organization,
            kind=one.kind,
            name=one.name,
            spelling=one_spelling(one.name),
            email=one.email,
            source=one.source,
        )

    def _keep(self, row: ScreenedName, **values: str) -> None:
        self._taken.add(row.pk)
        before = (row.kind, row.name, row.email, row.retired_at)
        for field, value in values.items():
            setattr(row, field, value)
        if not row.retired_reason:
            row.retired_at = None
        if (row.kind, row.name, row.email, row.retired_at) != before:
            self.changed.append(row)

    def _let_go(self, row: ScreenedName, undecided: set[int]) -> None:
        if row.kind == _Kind.INSTITUTION:
            others = {(other.kind, other.name) for other in self.known}
            if (_Kind.FORMER_NAME, row.name) not in others:
                row.kind = _Kind.FORMER_NAME
                self.changed.append(row)
                return
        is_ours = row.source == _Source.PROFILE or row.kind in {
            _Kind.REGISTRANT,
            _Kind.INSTITUTION,
        }
        if is_ours and row.pk not in undecided:
            row.retired_at = timezone.now()
            self.changed.append(row)
