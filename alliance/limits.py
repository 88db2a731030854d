"""How often something may happen: token buckets in the database, so that every worker counts.

    SENT = Limit("connect-messages", most=5, seconds=HOUR)

    wait = take(SENT, client_address(request))
    if wait:
        …  # refused; the same may be tried again after so many seconds

A bucket starts full, is emptied by what happens, and refills evenly. All clocks are the
database's. Who a bucket belongs to is stored as a keyed hash only.
"""

import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from alliance import turned_away
from alliance.models import TokenBucket

Values = dict[str, str | int | float]

HOUR = 60 * 60
_IPV6_NETWORK = 64  # bits; what one household or office is given


@dataclass(frozen=True)
class Limit:
    """At most `most` at once; an empty bucket is full again after `seconds`."""

    name: str
    most: int
    seconds: int

    def seconds_for(self, cost: int) -> float:
        """How long the bucket takes to refill by `cost`."""
        return self.seconds * cost / self.most


# Taking is one statement, so that of many who take at once nobody reads what another changes.
_TAKE = """
    INSERT INTO alliance_tokenbucket AS bucket (key, full_at)
    VALUES (%(key)s, clock_timestamp() + make_interval(secs => %(cost)s))
    ON CONFLICT (key) DO UPDATE
    SET full_at = greatest(bucket.full_at, clock_timestamp()) + make_interval(secs => %(cost)s)
    WHERE greatest(bucket.full_at, clock_timestamp()) + make_interval(secs => %(cost)s)
        <= clock_timestamp() + make_interval(secs => %(whole)s)
    RETURNING key
"""
_WAIT = """
    SELECT extract(epoch FROM full_at - clock_timestamp()) + %(cost)s - %(whole)s
    FROM alliance_tokenbucket WHERE key = %(key)s
"""
_GIVE_BACK = """
    UPDATE alliance_tokenbucket SET full_at = full_at - make_interval(secs => %(cost)s)
    WHERE key = %(key)s
"""


def take(limit: Limit, who: str, cost: int = 1) -> float:
    """Use up `cost` of what `who` may; returns 0, or the seconds to wait where it is too much.

    Within a transaction the bucket stays locked until its end: others of the same `who` queue.
    """
    if cost > limit.most:
        raise ValueError(f"{limit.name}: {cost} is more than the bucket ever holds")
    values: Values = {
        "key": hashed(f"{limit.name} {who}"),
        "cost": limit.seconds_for(cost),
        "whole": limit.seconds,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.fetchone():
            return 0
        cursor.execute(_WAIT, values)
        row = cursor.fetchone()
    turned_away.note("limit", limit.name)
    # At least a moment: the bucket may have filled up, or gone, since it refused.
    return max(0.1, float(row[0])) if row else 0.1


def give_back(limit: Limit, who: str, cost: int) -> None:
    """Undo a part of what was taken and then not used."""
    values: Values = {"key": hashed(f"{limit.name} {who}"), "cost": limit.seconds_for(cost)}
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, values)


def sweep_buckets() -> int:
    """Remove the buckets that are full; returns how many. A sweep."""
    return TokenBucket.objects.filter(full_at__lt=Now()).delete()[0]


def client_address(request: HttpRequest) -> str:
    """The network address that a request came from: of IPv6 the network, else anybody has 2^64.

    Behind proxies it is what the outermost of ours saw (TRUSTED_PROXY_COUNT); what a client
    writes into X-Forwarded-For itself counts for nothing. The same rule as for logins.
    """
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))


def hashed(who: str) -> str:
    """A name for `who` that tells nobody without the secret key who it is."""
    return salted_hmac("alliance.limits", who, algorithm="sha256").hexdigest()
