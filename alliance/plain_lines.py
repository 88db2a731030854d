"""Lines to other hosts over which everything would go in the clear: passwords, sessions, people.

Whoever stands between could read them, and write: what the portal takes out of Redis it believes.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_ENCRYPTED = {"rediss", "imaps"}
# Of PostgreSQL's words for it: with the others, and with none, it may go on in the clear.
_DATABASE_ENCRYPTED = {"require", "verify-ca", "verify-full"}


def refuse(addresses: Mapping[str, str], accepted: Iterable[str]) -> None:
    """Raise ImproperlyConfigured for the first variable whose address leads to another host plainly.

    `accepted` are the hosts where the line is closed to others by other means.
    """
    for name, address in addresses.items():
        for host in sorted(plain_hosts(address) - set(accepted)):
            raise ImproperlyConfigured(
                f"{name} leads to {host} over a line that is not encrypted. Have it encrypted, or name "
                "the host in PLAIN_LINES if nobody else can reach that line: see “Lines to other hosts” "
                "in docs/operations.md."
            )


def plain_hosts(address: str) -> set[str]:
    """The hosts that are spoken to in the clear at this address, but for our own machine."""
    parts = urlsplit(address)
    words = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme.startswith("postgres"):
        if words.get("sslmode") in _DATABASE_ENCRYPTED:
            return set()
    elif parts.scheme in _ENCRYPTED or _is_switched_on(parts.scheme, words):
        return set()
    place = parts.netloc.rpartition("@")[2]
    named = words.get("host") or unquote(place)
    return {host for one in named.split(",") if not _is_here(host := _without_port(one))}


def _is_switched_on(scheme: str, words: Mapping[str, str]) -> bool:
    if scheme == "s3":
        return words.get("tls") != "0"
    return scheme == "smtp" and "1" in {words.get("tls"), words.get("ssl")}


def _without_port(place: str) -> str:
    return str(urlsplit(f"//{place}").hostname or "") if not place.startswith("/") else place


def _is_here(host: str) -> bool:
    """Whether it is this machine: a socket, or loopback."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
