"""Takes a file as the new list, beside the old one until the moment of the switch."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from organizations.models import ListedEntry, ListImport, SanctionsSnapshot, User
from organizations.screening.fetching import ListUnreachable, read_source
from organizations.screening.reading import ListRefused, Party, Quality, SanctionsList, read_list

# A file with fewer is a broken one: OpenSanctions refuses the list below the same bounds.
FEWEST_PERSONS = 580
FEWEST_ENTITIES = 170
# More than a tenth delisted at once is rather a file cut short.
SMALLEST_PART = 0.9

_LOCK = 0x5A4E4354  # of this database; any number that nothing else locks


def import_list(source: str, *, by: User | None = None, accept_fall: bool = False) -> ListImport:
    """Read the list from a file or an https address and take it, if it is a good one.

    The attempt is recorded whatever comes of it. Raises ListRefused or ListUnreachable; the last
    good list stays then. `accept_fall` takes a file with far fewer entries, when that is right.
    """
    try:
        snapshot, is_new = take_list(
            read_list(read_source(source)), source=source, by=by, accept_fall=accept_fall
        )
    except (ListRefused, ListUnreachable) as error:
        is_refused = isinstance(error, ListRefused)
        ListImport.objects.create(
            source=source[:500],
            by=by,
            outcome=ListImport.Outcome.REFUSED if is_refused else ListImport.Outcome.UNREACHABLE,
            message=str(error),
        )
        raise
    outcome = ListImport.Outcome.NEW if is_new else ListImport.Outcome.SAME
    return ListImport.objects.create(source=source[:500], by=by, outcome=outcome, snapshot=snapshot)


@transaction.atomic
def take_list(
    listing: SanctionsList, *, source: str, by: User | None = None, accept_fall: bool = False
) -> tuple[SanctionsSnapshot, bool]:
    """Make this the current list; the snapshot, and whether it is a new one.

    One at a time: who comes second finds the first one's list. Until the transaction ends
    everybody else goes on reading the old one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    current = SanctionsSnapshot.objects.current()
    if current is not None and current.sha256 == listing.sha256:
        return current, False
    _check_is_plausible(listing, current, accept_fall=accept_fall)
    snapshot = SanctionsSnapshot.objects.create(
        sha256=listing.sha256,
        generated_at=listing.generated_at,
        source=source[:500],
        size=listing.size,
        persons=listing.persons,
        entities=listing.entities,
        taken_by=by,
    )
    _load_entries(listing.parties, snapshot)
    SanctionsSnapshot.objects.filter(is_current=True).update(is_current=False)
    snapshot.is_current = True
    snapshot.save(update_fields=["is_current"])
    return snapshot, True


def _check_is_plausible(
    listing: SanctionsList, current: SanctionsSnapshot | None, *, accept_fall: bool
) -> None:
    if listing.persons < FEWEST_PERSONS or listing.entities < FEWEST_ENTITIES:
        raise ListRefused(
            _(
                "The file has %(persons)d persons and %(entities)d entities; "
                "a whole list has at least %(fewest_persons)d and %(fewest_entities)d."
            )
            % {
                "persons": listing.persons,
                "entities": listing.entities,
                "fewest_persons": FEWEST_PERSONS,
                "fewest_entities": FEWEST_ENTITIES,
            }
        )
    if current is None:
        return
    if listing.generated_at < current.generated_at or _was_taken(listing):
        raise ListRefused(_("The file is older than the list that is used now."))
    for count, before in (
        (listing.persons, current.persons),
        (listing.entities, current.entities),
    ):
        if count < before * SMALLEST_PART and not accept_fall:
            raise ListRefused(
                _(
                    "The file has %(count)d entries of a kind of which the present list has "
                    "%(before)d: a fall of more than a tenth. Look at it, and take it with "
                    "--accept-fall if it is right."
                )
                % {"count": count, "before": before}
            )


def _was_taken(listing: SanctionsList) -> bool:
    return SanctionsSnapshot.objects.filter(sha256=listing.sha256).exists()


def _load_entries(parties: Iterable[Party], snapshot: SanctionsSnapshot) -> None:
    """End what the file no longer says, then add what it says for the first time."""
    listed = {(party.reference, party.digest): party for party in parties}
    known = {
        (reference, digest): pk
        for pk, reference, digest in ListedEntry.objects.values_list("pk", "reference", "digest")
    }
    still_there = [pk for key, pk in known.items() if key in listed]
    ListedEntry.objects.current().exclude(pk__in=still_there).update(
        ended_in=snapshot, ended_on=snapshot.generated_at.date()
    )
    ListedEntry.objects.filter(pk__in=still_there, ended_in__isnull=False).update(
        ended_in=None, ended_on=None
    )
    ListedEntry.objects.bulk_create(
        (_entry(party, snapshot) for key, party in listed.items() if key not in known),
        batch_size=500,
    )


def _entry(party: Party, snapshot: SanctionsSnapshot) -> ListedEntry:
    return ListedEntry(
        reference=party.reference,
        digest=party.digest,
        kind=party.kind.value,
        regime=party.regime,
        listed_on=party.listed_on,
        names=[[name.text, name.quality is Quality.WEAK, name.is_former] for name in party.names],
        birth_years=[list(years) for years in party.birth_years],
        countries=list(party.countries),
        facts=party.facts,
        first_in=snapshot,
    )
