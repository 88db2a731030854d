"""What people do about screening: name who is screened, and decide what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.models import Country
from alliance.reasons import check_reason
from organizations import permissions
from organizations.actions.due_diligence import suspend_for_hit
from organizations.actions.due_diligence_moves import capacities, lock
from organizations.models import Hit, Organization, ScreenedName, ScreeningRun, User
from organizations.screening.runs import screen_organization
from organizations.screening.spelling import one_spelling
from organizations.tasks import screen_soon
from organizations.workflow import HIT, HIT_CONFIRMED, HIT_DISMISSED, HIT_OPEN

_DECIDED = {
    HIT_DISMISSED: _("%(person)s has dismissed this hit already: %(reason)s"),
    HIT_CONFIRMED: _("%(person)s has confirmed this hit already: %(reason)s"),
}


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody to be screened, as they were named; `role` is a ScreenedName.Kind."""

    name: str
    role: str
    email: str = ""
    birth_year: int | None = None
    country: Country | None = None

    @property
    def spelling(self) -> str:
        return one_spelling(self.name)

    def is_the_same_as(self, row: ScreenedName) -> bool:
        """By email address, or else by all that is known."""
        if self.spelling != row.spelling or self.email.lower() != row.email:
            return False
        if self.email:
            return True
        country = self.country.pk if self.country else None
        return (self.role, self.birth_year, country) == (row.kind, row.birth_year, row.country_id)


@transaction.atomic
def add_screened_person(
    organization: Organization,
    *,
    name: str,
    role: str,
    source: str,
    reference: str = "",
    email: str = "",
    birth_year: int | None = None,
    country: Country | None = None,
    by: User | None = None,
) -> ScreenedName:
    """Have a name screened with its organization; see `note_people`."""
    lock(organization)
    person = Named(name=name, role=role, email=email, birth_year=birth_year, country=country)
    return note_people(organization, [person], source=source, reference=reference, by=by)[0]


def note_people(
    organization: Organization,
    people: Sequence[Named],
    *,
    source: str,
    reference: str = "",
    by: User | None = None,
) -> list[ScreenedName]:
    """Their rows, in the same order; the caller holds the organization's row.

    Somebody who is there already stays one row, so that nothing decided about them is asked
    again. The worker compares who is new at once.
    """
    spellings = {person.spelling for person in people}
    rows = list(organization.screened_names.filter(spelling__in=spellings))
    known = len(rows)
    found = []
    for person in people:
        row = next((row for row in rows if person.is_the_same_as(row)), None)
        if row is None:
            row = _new_row(organization, person, source=source, reference=reference, by=by)
            rows.append(row)
        elif row.retired_at is not None:
            row.retired_at = row.retired_by = None
            row.retired_reason = ""
            row.save(update_fields=["retired_at", "retired_by", "retired_reason"])
        found.append(row)
    screen_soon()
    for row in ScreenedName.objects.bulk_create(rows[known:]):
        audit.record(
            "screening.name_added", by=by, about=organization, internal=True, screened=row.pk
        )
    return found


def _new_row(
    organization: Organization, person: Named, *, source: str, reference: str, by: User | None
) -> ScreenedName:
    return ScreenedName(
        organization=organization,
        kind=ScreenedName.Kind(person.role),
        name=person.name,
        spelling=person.spelling,
        email=person.email.lower(),
        birth_year=person.birth_year,
        country=person.country,
        source=ScreenedName.Source(source),
        reference=reference,
        added_by=by,
    )


@transaction.atomic
def describe_name(
    name: ScreenedName, *, by: User, birth_year: int | None, country: Country | None
) -> ScreenedName:
    """Note what is known of a person; it is weighed when the names are compared next, and now."""
    name = _locked_name(name, by=by)
    name.birth_year, name.country = birth_year, country
    name.run = None
    try:
        with transaction.atomic():
            name.save(update_fields=["birth_year", "country", "run"])
    except IntegrityError as error:
        raise ActionRefused(_("There is a row with this name, year and country.")) from error
    screen_soon()
    audit.record(
        "screening.name_described", by=by, about=name.organization, internal=True, screened=name.pk
    )
    return name


@transaction.atomic
def retire_name(name: ScreenedName, *, by: User, reason: str) -> ScreenedName:
    """Screen a name no longer, say because it was noted by mistake. Its hits stay on record."""
    name = _locked_name(name, by=by)
    if name.kind in {ScreenedName.Kind.INSTITUTION, ScreenedName.Kind.REGISTRANT}:
        raise ActionRefused(_("The institution and who registered it are always screened."))
    reason = check_reason(reason)
    if name.hits.filter(status=HIT_OPEN).exists():
        raise ActionRefused(_("There is an open hit on this name: decide it first."))
    confirmed = name.hits.filter(status=HIT_CONFIRMED).exists()
    if confirmed and not permissions.is_senior_reviewer(by):
        raise ActionRefused(_("A hit on this name is confirmed: a senior reviewer takes it off."))
    name.retired_at, name.retired_by = timezone.now(), by
    name.retired_reason = reason
    name.save(update_fields=["retired_at", "retired_by", "retired_reason"])
    audit.record(
        "screening.name_retired", by=by, about=name.organization, internal=True, screened=name.pk
    )
    return name


def _locked_name(name: ScreenedName, *, by: User) -> ScreenedName:
    if not permissions.can_review_organization(by, name.organization):
        raise ActionRefused(_("You are not allowed to do this."))
    lock(name.organization)
    return (
        ScreenedName.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=name.pk)
    )


def screen_now(organization: Organization, *, by: User) -> ScreeningRun:
    """Compare an organization's names with the list at once, whether they are due or not."""
    if not permissions.can_review_organization(by, organization):
        raise ActionRefused(_("You are not allowed to do this."))
    return screen_organization(organization, by=by)


def dismiss_hit(hit: Hit, *, by: User, reason: str) -> Hit:
    """The screened one is not the listed one. A reviewer's to say, with a reason."""
    return _decide(hit, "dismiss", "screening.hit_dismissed", by=by, reason=reason)


@transaction.atomic
def confirm_hit(hit: Hit, *, by: User, reason: str) -> Hit:
    """The screened one is the listed one. A senior's to say; a clearance is suspended at once."""
    hit = _decide(hit, "confirm", "screening.hit_confirmed", by=by, reason=reason)
    suspend_for_hit(hit, by=by)
    return hit


def reopen_hit(hit: Hit, *, by: User, reason: str) -> Hit:
    """Look again at what was decided. A senior's to do, with a reason."""
    return _decide(hit, "reopen", "screening.hit_reopened", by=by, reason=reason)


@transaction.atomic
def _decide(hit: Hit, arrow: str, event: str, *, by: User, reason: str) -> Hit:
    lock(hit.organization)
    hit = (
        Hit.objects.select_for_update(of=("self",))
        .select_related("organization", "name", "entry", "status_by")
        .get(pk=hit.pk)
    )
    reason = check_reason(reason)
    if arrow != "reopen" and hit.status in _DECIDED:
        raise ActionRefused(
            _DECIDED[hit.status] % {"person": hit.status_by or _("Somebody"), "reason": hit.reason}
        )
    before = hit.status
    HIT.move(hit, arrow, by=by, actors=capacities(by, hit.organization))
    hit.reason = reason
    hit.save(update_fields=["status", "status_at", "status_by", "reason"])
    audit.record(
        event,
        by=by,
        about=hit.organization,
        internal=True,
        hit=hit.pk,
        before=before,
        after=hit.status,
    )
    return hit
