"""Saved searches that write: asked for by anybody, confirmed and ended by the owner of the mailbox."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alliance.models import Event, OutgoingMail
from alliance.undeliverable import came_back
from knowledge import alert_links
from knowledge.actions.alerts import end_undeliverable
from knowledge.alert_forms import search_in
from knowledge.alert_search import in_known_words, in_words, query_of, spelled
from knowledge.alert_tasks import SETTLED_AFTER, note_appearances, send_alerts
from knowledge.indexing import mark_due
from knowledge.models import Alert, Appearance, Report
from knowledge.search import finding
from organizations.models import User
from tests.knowledge.factories import make_report
from tests.organizations.registering import ticket_of_age

NEW = "/library/alerts/new/"
DAY = timedelta(days=1)


@pytest.fixture
def ticket() -> str:
    return ticket_of_age()


def alert(search: str = "", email: str = "amina@example.org", **given: Any) -> Alert:
    """An alert that was confirmed a week ago and is due."""
    then = timezone.now() - 7 * DAY
    fields = {"confirmed_at": then, "asked_at": then, "seen_until": then, "due_at": then}
    return Alert.objects.create(email=email, search=search, **(fields | given))


def ask(client: Client, ticket: str, email: str = "amina@example.org", **given: str) -> Any:
    data = {"email": email, "frequency": "day", "search": "q=rain", "ticket": ticket}
    return client.post(NEW, data | given)


def sent() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("id").values_list("message", "recipient"))


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def appear() -> None:
    """What readers can see now has been in the library for two hours."""
    cache.delete("knowledge.appearances")
    note_appearances()
    Appearance.objects.filter(at__gt=timezone.now() - timedelta(minutes=1)).update(
        at=timezone.now() - 2 * SETTLED_AFTER
    )


def told() -> list[list[str]]:
    """The titles in each mail that told of something."""
    mails = OutgoingMail.objects.filter(message="alert_found").order_by("id")
    return [re.findall(r"^(.+) \(Norec, 20\d\d\)$", mail.text, re.MULTILINE) for mail in mails]


def test_the_page_says_the_search_in_words(client: Client) -> None:
    content = client.get(f"{NEW}?q=<b>&theme=health&country=MW&country=KE&sort=title").content
    assert "Reports with “&lt;b&gt;”; theme: Health" in content.decode()
    assert "; country: Kenya or Malawi" in content.decode()


def test_a_search_is_spelled_in_one_way() -> None:
    search = search_in("country=MW&q=+rain++wind&sort=title&country=KE&page=7&x=1")
    assert search == "q=rain+wind&country=KE&country=MW"
    assert spelled(query_of(search)) == search
    assert search_in("q=%00&theme=%22%3C") == ""


def test_an_alert_begins_once_its_link_was_followed_and_the_button_pressed(
    client: Client, ticket: str
) -> None:
    assert ask(client, ticket, "Amina@Example.org").headers["Location"] == "/library/alerts/sent/"
    saved = Alert.objects.get()
    assert (saved.email, saved.search, saved.frequency, saved.is_active) == (
        "amina@example.org",
        "q=rain",
        "day",
        False,
    )
    mail = OutgoingMail.objects.get()
    assert (mail.message, mail.is_secret) == ("alert_confirm", True)
    link = path_of(alert_links.confirm_link(saved))
    assert "/library/alerts/confirm/" in mail.text
    assert client.get(link).status_code == 200
    assert Alert.objects.active().count() == 0  # mail scanners follow links
    assert client.post(link).headers["Location"] == "/library/alerts/confirmed/"
    assert list(Alert.objects.active()) == [saved]
    assert sent()[-1] == ("alert_started", "amina@example.org")


def test_the_first_mail_carries_no_word_of_a_stranger(client: Client, ticket: str) -> None:
    ask(client, ticket, search="q=BUY+PILLS&publisher=EVIL&theme=health&country=ZZ")
    mail = OutgoingMail.objects.get()
    for word in ("PILLS", "EVIL", "ZZ"):
        assert word not in mail.text + mail.html + mail.subject
    assert in_known_words("q=x&theme=health").startswith(
        "Reports with the words you typed; theme: Health"
    )


def test_nobody_learns_who_has_an_alert(client: Client, ticket: str) -> None:
    alert("q=rain")
    known = ask(client, ticket)
    new = ask(Client(), ticket, "new@example.org")
    assert (known.status_code, known["Location"], known.content) == (
        new.status_code,
        new["Location"],
        new.content,
    )
    assert sent() == [("alert_exists", "amina@example.org"), ("alert_confirm", "new@example.org")]


def test_nobody_elses_mailbox_is_filled(client: Client, ticket: str) -> None:
    for number in range(8):
        assert ask(client, ticket, search=f"q=rain{number}").status_code == 302
    assert len(sent()) == 5
    assert Alert.objects.count() == 5


def test_one_network_cannot_ask_for_ever(client: Client, ticket: str) -> None:
    codes = [ask(client, ticket, f"reader{number}@example.org").status_code for number in range(22)]
    assert codes == [302] * 20 + [200] * 2


def test_an_address_has_twenty_alerts_at_most(client: Client, ticket: str) -> None:
    for number in range(Alert.MOST):
        alert(f"q=word{number}")
    assert ask(client, ticket, search="q=more").status_code == 302
    assert (Alert.objects.count(), sent()) == (Alert.MOST, [])


def test_a_machine_is_stopped_by_the_trap(client: Client, ticket: str) -> None:
    assert ask(client, ticket, trap="x").status_code == 200
    assert Alert.objects.count() == 0


def test_one_click_ends_an_alert_and_the_link_never_expires(client: Client) -> None:
    kept, over = alert("q=wind"), alert("q=rain")
    link = path_of(alert_links.end_link(over))
    assert client.get(link).status_code == 200
    strict = Client(enforce_csrf_checks=True)  # a mail program has no cookie
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(Alert.objects.active()) == [kept]
    assert client.post(link).status_code == 302
    names = Event.objects.filter(name__startswith="alert.").values_list("name", flat=True)
    assert list(names) == ["alert.ended"]


def test_all_alerts_of_an_address_are_listed_for_its_owner(client: Client) -> None:
    mine = [alert("q=rain"), alert("theme=health")]
    alert("q=secret", "other@example.org")
    alert("q=over", ended_at=timezone.now())
    pages = [client.get(path_of(alert_links.list_link(mine[0])))]
    user = User.objects.create_user("amina@example.org", "a long password")
    EmailAddress.objects.create(user=user, email="amina@example.org", verified=True)
    EmailAddress.objects.create(user=user, email="other@example.org", verified=False)
    client.force_login(user)
    pages.append(client.get("/library/alerts/"))
    for page in pages:
        assert [one["alert"] for one in page.context["alerts"]] == mine[::-1]


@pytest.mark.parametrize("name", ["confirm", "end", "all"])
@pytest.mark.parametrize("token", ["x", "1.forged", "%C3%A9.é"])
def test_forged_links_do_not_work(name: str, token: str, client: Client) -> None:
    alert()
    response = client.get(f"/library/alerts/{name}/{token}/")
    assert response.status_code == 404
    assert "This link does not work" in response.content.decode()


def test_new_reports_that_match_are_told_of_once() -> None:
    make_report("Old")
    appear()
    Appearance.objects.update(at=timezone.now() - 30 * DAY)
    saved = alert("q=rain", frequency="day")
    make_report("Rain in Malawi")
    make_report("Wind in Malawi")
    make_report("Rain to Come", status=Report.Status.DRAFT)
    appear()
    assert send_alerts() == 1
    assert told() == [["Rain in Malawi"]]
    mail = OutgoingMail.objects.get(message="alert_found")
    assert mail.subject == "1 new report in the UNOSSC Alliance library"
    assert mail.headers == {
        "List-Unsubscribe": f"<{alert_links.end_link(saved)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert "/library/?q=rain&sort=newest" in mail.text
    Alert.objects.update(due_at=timezone.now())
    assert send_alerts() == 0


def test_new_reports_are_told_of_however_many_others_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search shows its best thousand, here two; the new one is older and comes behind them."""
    monkeypatch.setattr(finding, "MOST", 2)
    for number in range(4):
        make_report(f"Rain {number}", year=2020)
    appear()
    Appearance.objects.update(at=timezone.now() - 30 * DAY)
    alert("q=rain", frequency="day")
    alert("q=rain&country=KE", frequency="day")
    alert('q="rain+before"', frequency="day")
    make_report("Rain before")
    make_report("Wind")
    appear()
    assert send_alerts() == 2
    assert told() == [["Rain before"], ["Rain before"]]


def test_an_alert_writes_at_most_once_in_its_time() -> None:
    for frequency, days in (("day", 1), ("week", 7)):
        Alert.objects.all().delete()
        saved = alert(frequency=frequency)
        make_report(f"First {frequency}")
        appear()
        assert send_alerts() == 1
        make_report(f"Second {frequency}")
        appear()
        assert send_alerts() == 0
        saved.refresh_from_db()
        assert round((saved.due_at - timezone.now()) / DAY, 2) == days


def test_a_report_whose_embargo_has_ended_is_new() -> None:
    today = timezone.localdate()
    report = make_report("Rain", status=Report.Status.EMBARGOED, embargoed_until=today + DAY)
    saved = alert("q=rain")
    appear()
    assert send_alerts() == 0
    report.embargoed_until = today
    report.save()
    mark_due(report)
    appear()
    Alert.objects.update(due_at=saved.due_at, seen_until=saved.seen_until)
    assert send_alerts() == 1
    assert told() == [["Rain"]]


def test_what_was_there_before_the_alert_is_not_new(client: Client) -> None:
    make_report("Rain")
    appear()
    saved = alert("q=rain", confirmed_at=None)
    client.post(path_of(alert_links.confirm_link(saved)))
    assert send_alerts() == 0
    Alert.objects.update(due_at=timezone.now())
    assert send_alerts() == 0


def test_a_report_that_comes_back_is_not_new_again() -> None:
    report = make_report("Rain")
    appear()
    alert("q=rain", seen_until=timezone.now() - SETTLED_AFTER)
    for status in (Report.Status.RETIRED, Report.Status.PUBLISHED):
        Report.objects.filter(pk=report.pk).update(status=status)
        appear()
    assert send_alerts() == 0


def test_a_report_waits_until_its_text_has_been_read() -> None:
    alert("q=rain")
    make_report("Rain")
    cache.delete("knowledge.appearances")
    assert note_appearances() == 1
    assert send_alerts() == 0
    saved = Alert.objects.get()
    Appearance.objects.update(at=timezone.now() - SETTLED_AFTER)
    Alert.objects.update(due_at=timezone.now(), seen_until=saved.seen_until)
    assert send_alerts() == 1


def test_many_new_reports_are_counted_and_ten_are_named() -> None:
    alert()
    for number in range(12):
        make_report(f"Rain {number}")
    appear()
    assert send_alerts() == 1
    assert told() == [[f"Rain {number}" for number in range(11, 1, -1)]]
    mail = OutgoingMail.objects.get(message="alert_found")
    assert mail.subject == "12 new reports in the UNOSSC Alliance library"
    assert "And 2 more:" in mail.text


def test_only_confirmed_alerts_write() -> None:
    alert("q=rain", confirmed_at=None)
    alert("q=rain", "over@example.org", ended_at=timezone.now())
    make_report("Rain")
    appear()
    assert (send_alerts(), sent()) == (0, [])


def test_appearances_are_looked_for_now_and_then() -> None:
    make_report()
    cache.delete("knowledge.appearances")
    assert (note_appearances(), note_appearances()) == (1, 0)
    assert Appearance.objects.count() == 1


def test_in_words_an_unknown_code_stands_for_itself() -> None:
    assert in_words("country=ZZ&year=2019") == "Reports; country: ZZ; year: 2019"


@pytest.mark.django_db
def test_an_alert_ends_when_its_mail_comes_back_for_good() -> None:
    alert(email="gone@example.org")
    sound = alert(email="sound@example.org")
    came_back("gone@example.org", is_hard=True, reason="no such mailbox")
    assert end_undeliverable() == 1
    assert list(Alert.objects.active()) == [sound]
