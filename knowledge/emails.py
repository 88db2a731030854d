"""The mails about alerts of the library."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from alliance.emails import queue_mail
from knowledge import alert_links, alert_search
from knowledge.models import Alert, Report


def ask_to_confirm(alert: Alert) -> None:
    context = {"search": alert_search.in_known_words(alert.search)}
    _queue("alert_confirm", alert, context, is_secret=True)


def say_it_exists(alert: Alert) -> None:
    """Sent in place of the link when the alert is there: the page tells nobody, we do."""
    _queue("alert_exists", alert, {"search": alert_search.in_words(alert.search)})


def welcome(alert: Alert) -> None:
    _queue("alert_started", alert, {"search": alert_search.in_words(alert.search)})


def tell_of_reports(alert: Alert, reports: Sequence[Report], number: int) -> None:
    """Name the first of the reports that are new; `number` says how many there are."""
    context = {
        "search": alert_search.in_words(alert.search),
        "reports": reports,
        "number": number,
        "more": number - len(reports),
        "list_url": settings.SITE_URL + alert_search.address(alert.search),
    }
    _queue("alert_found", alert, context)


def _queue(
    message: str, alert: Alert, context: Mapping[str, object], *, is_secret: bool = False
) -> None:
    """Every mail about an alert can be answered by ending it with one click."""
    links = {
        "alert": alert,
        "confirm_url": alert_links.confirm_link(alert),
        "end_url": alert_links.end_link(alert),
        "alerts_url": alert_links.list_link(alert),
    }
    queue_mail(
        message,
        alert.email,
        {**links, **context},
        is_secret=is_secret,
        headers=alert_links.end_headers(alert),
    )
