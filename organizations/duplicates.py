"""The same institution registered twice: told by name, domain and registration number.

Looked for by a sweep, never while somebody registers: whoever does so learns nothing, not even
from the time it takes. What is found is for the secretariat to settle.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from alliance import audit
from organizations.models import Organization, PossibleDuplicate, RelatedName
from organizations.screening.spelling import latin_words

ALIKE_FROM = 90  # of 100, RapidFuzz's ratio of the sorted words
_PUBLIC_DOMAINS = Path(__file__).parent / "data" / "public_mail_domains.txt"
# What says how a body is set up, not who it is; as words of `latin_words`.
_LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "aps",
        "as",
        "asbl",
        "bhd",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "cv",
        "doo",
        "eg",
        "ev",
        "gbr",
        "gie",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
        "kgaa",
        "lda",
        "limited",
        "limitada",
        "llc",
        "llp",
        "lp",
        "ltd",
        "ltda",
        "mbh",
        "nv",
        "ong",
        "oo",
        "ooo",
        "oy",
        "pbc",
        "plc",
        "pt",
        "pte",
        "pty",
        "sa",
        "saoc",
        "saog",
        "sarl",
        "sas",
        "sasu",
        "sca",
        "scrl",
        "sdn",
        "sl",
        "sp",
        "spa",
        "spzoo",
        "srl",
        "sro",
        "tbk",
        "ug",
        "zoo",
    ]
)
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_OF_VARIABLE_CAPITAL = re.compile(r"\b(sa|sab|s de rl) de cv\b", re.IGNORECASE)


class Reason(models.TextChoices):
    NAME = "name", _("the name")
    DOMAIN = "domain", _("the domain of website or email")
    NUMBER = "registration_number", _("the registration number")


@dataclass(frozen=True)
class Traits:
    """What an organization is known by."""

    names: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    number: str = ""


@dataclass
class _Collected:
    names: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    number: str = ""

    def as_traits(self) -> Traits:
        return Traits(
            names=frozenset(self.names - {""}),
            domains=frozenset(self.domains - {""}),
            number=self.number,
        )


def fold_name(name: str) -> str:
    """One spelling of an organization's name: Latin words in order, without its legal form."""
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), name)
    words = latin_words(_OF_VARIABLE_CAPITAL.sub("sa", plain))
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def domain_of(address: str) -> str:
    """The host of a website, or of an email address; empty where everybody may have one there."""
    if "@" in address and "//" not in address:
        host = address.rpartition("@")[2]
    else:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return ""
    host = host.lower().rstrip(".").removeprefix("www.")
    return "" if host in public_domains() else host


@lru_cache(maxsize=1)
def public_domains() -> frozenset[str]:
    return frozenset(_PUBLIC_DOMAINS.read_text().split())


def fold_number(number: str, country: str | None) -> str:
    """A registration number without spaces and dashes; two countries may give the same one."""
    plain = "".join(sign for sign in number.casefold() if sign.isalnum())
    return f"{country or ''} {plain}" if plain else ""


def reasons(one: Traits, other: Traits) -> list[Reason]:
    """Why two registrations may be the same institution; empty where nothing says so."""
    found = []
    if any(_are_alike(ours, theirs) for ours in one.names for theirs in other.names):
        found.append(Reason.NAME)
    if one.domains & other.domains:
        found.append(Reason.DOMAIN)
    if one.number and one.number == other.number:
        found.append(Reason.NUMBER)
    return found


def _are_alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other, score_cutoff=ALIKE_FROM) > 0


def registered() -> models.QuerySet[Organization]:
    """Organizations for which somebody with a confirmed address speaks."""
    confirmed = EmailAddress.objects.filter(
        verified=True, user__memberships__organization=models.OuterRef("pk")
    )
    return Organization.objects.filter(models.Exists(confirmed), closed_at=None)


def organization_named(name: str) -> Organization | None:
    """The one registered organization of this name, in any spelling; None where it is not clear.

    All names are gone through, whether one fits or not.
    """
    wanted = fold_name(name)
    rows = registered().values_list("pk", "name")
    found = [pk for pk, other in rows.iterator() if fold_name(other) == wanted]
    return Organization.objects.get(pk=found[0]) if len(found) == 1 else None


def find_duplicates() -> int:
    """Compare what was registered or renamed lately with all the others; returns how many pairs.

    A sweep: `compared_at` says whose turn it is.
    """
    due = list(registered().filter(compared_at=None).order_by("pk").values_list("pk", flat=True))
    if not due:
        return 0
    traits = dict(_traits())
    return sum(_compare(pk, traits) for pk in due if pk in traits)


def _traits() -> Iterator[tuple[int, Traits]]:
    """Of every registered organization, in three queries."""
    collected: dict[int, _Collected] = defaultdict(_Collected)
    rows = registered().values_list("pk", "name", "website", "registration_number", "country_id")
    for pk, name, website, number, country in rows.iterator():
        row = collected[pk]
        row.names.add(fold_name(name))
        row.domains.add(domain_of(website) if website else "")
        row.number = fold_number(number, country)
    former = RelatedName.objects.filter(kind=RelatedName.Kind.FORMER_NAME)
    for pk, name in former.values_list("organization", "name").iterator():
        collected[pk].names.add(fold_name(name))
    mails = EmailAddress.objects.filter(verified=True, user__memberships__isnull=False)
    for pk, email in mails.values_list("user__memberships__organization", "email").iterator():
        collected[pk].domains.add(domain_of(email))
    for pk, row in collected.items():
        yield pk, row.as_traits()


@transaction.atomic
def _compare(pk: int, traits: dict[int, Traits]) -> int:
    own = Organization.objects.locked().get(pk=pk)
    if own.compared_at is not None:  # another worker was quicker
        return 0
    own.compared_at = timezone.now()
    own.save(update_fields=["compared_at"])
    found = 0
    for other, theirs in traits.items():
        if other != pk and (why := reasons(traits[pk], theirs)):
            found += _note(max(pk, other), min(pk, other), [str(reason) for reason in why])
    return found


def _note(newer: int, older: int, why: list[str]) -> bool:
    """Put a pair to the secretariat; one that was kept apart only if something new says so."""
    pair, is_new = PossibleDuplicate.objects.get_or_create(
        newer_id=newer, older_id=older, defaults={"reasons": why}
    )
    kept_apart = pair.status == PossibleDuplicate.Status.KEPT_APART
    is_reopened = not is_new and kept_apart and not set(why) <= set(pair.reasons)
    if is_reopened:
        pair.status = PossibleDuplicate.Status.OPEN
        pair.decided_at = pair.decided_by = None
        pair.reasons = why
        pair.found_at = timezone.now()
        pair.save()
    if is_new or is_reopened:
        audit.record(
            "organization.duplicate_found",
            by=None,
            about=pair.newer,
            internal=True,
            older=older,
            reasons=why,
        )
    return is_new or is_reopened
