"""The whole library is harvested by a client that knows nothing of us, while it changes."""

import httpx2
import pytest
from django.conf import LazySettings
from django.db import connection
from oaipmh_scythe import HTTPConfig, Scythe
from oaipmh_scythe.models import Header, Record
from pytest_django.live_server_helper import LiveServer

from knowledge.machines import oai
from knowledge.models import Edition, HarvestRecord, Report
from tests.knowledge.factories import make_report
from tests.knowledge.judging import deleted_without_metadata, judged

PAGES = 4
SOME = oai.PER_ANSWER * (PAGES - 1) + 20


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Whatever the client is sent, to be judged."""
    found: list[bytes] = []
    send = httpx2.Client.send

    def kept(self: httpx2.Client, *given: object, **options: object) -> httpx2.Response:
        response = send(self, *given, **options)  # type: ignore[arg-type]
        found.append(response.read())
        return response

    monkeypatch.setattr(httpx2.Client, "send", kept)
    return found


def number_in(header: object) -> int:
    """The number of the report that the header of a record names."""
    assert isinstance(header, Header)
    return int(str(header.identifier).rpartition(":")[2])


def library(size: int) -> list[Report]:
    """So many published reports, the first half of them a day old."""
    reports = Report.objects.bulk_create(
        Report(title=f"Rain {n}", slug=f"rain-{n}", publisher="Norec", status="published")
        for n in range(size)
    )
    Edition.objects.bulk_create(
        Edition(report=report, language="en", title=report.title) for report in reports
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE knowledge_harvestrecord SET changed_at = changed_at - interval '1 day' "
            "WHERE report_number <= %s",
            [reports[size // 2].pk],
        )
    return reports


@pytest.mark.django_db(transaction=True)
def test_library_is_harvested_whole_while_it_changes(
    live_server: LiveServer, settings: LazySettings, answers: list[bytes]
) -> None:
    settings.SITE_URL = live_server.url
    reports = library(SOME)
    draft = make_report("Ternmark", status="draft")
    last: dict[int, bool] = {}
    added: Report | None = None
    with Scythe(f"{live_server.url}/library/oai") as scythe:
        for place, record in enumerate(scythe.list_records(metadata_prefix="oai_dc")):
            assert isinstance(record, Record)
            last[number_in(record.header)] = record.deleted
            if place == oai.PER_ANSWER // 2:
                # One that was sent already, one that comes, one that is new, one that goes.
                reports[0].save()
                reports[-1].save()
                added = make_report("Sun")
                Report.objects.filter(pk=reports[-2].pk).update(status="retired")
                reports[1].delete()
    assert added is not None
    gone = {reports[-2].pk}
    gone |= set(last) - {report.pk for report in reports} - {added.pk}
    assert len(gone) == 2
    assert last.keys() == set(HarvestRecord.objects.values_list("pk", flat=True))
    assert {number for number, is_deleted in last.items() if is_deleted} == gone
    assert draft.pk not in last
    assert len(answers) >= PAGES
    for answer in answers:
        assert deleted_without_metadata(judged(answer, "oai_pmh.xsd"))


@pytest.mark.django_db(transaction=True)
def test_what_changed_since_the_last_visit_is_all_that_comes(
    live_server: LiveServer, settings: LazySettings
) -> None:
    settings.SITE_URL = live_server.url
    reports = library(oai.PER_ANSWER * 2 + 1)
    since = HarvestRecord.objects.latest("changed_at").changed_at
    newer = [report.pk for report in reports[oai.PER_ANSWER + 1 :]]
    with Scythe(
        f"{live_server.url}/library/oai", http_config=HTTPConfig(http_method="POST")
    ) as scythe:
        headers = scythe.list_identifiers(
            metadata_prefix="oai_dc", from_=f"{since:%Y-%m-%dT%H:%M:%SZ}"
        )
        assert [number_in(each) for each in headers] == newer
