"""OAI-PMH 2.0: the whole library for harvesters, and what has changed since they last came.

Source: http://www.openarchives.org/OAI/openarchivesprotocol.html
"""

import re
from collections.abc import Callable, Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.conf import settings
from django.db.models import Min, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.machines import dublin_core, oai_sets
from knowledge.machines.oai_requests import PREFIX, OaiError, Place, Question, stamp
from knowledge.machines.xml import add, written
from knowledge.models import HarvestRecord, Report

PER_ANSWER = 100

_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
_ROOT = {
    "xmlns": _NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd",
}
_LONGEST_MESSAGE = 300


def answer(data: QueryDict) -> bytes:
    """The XML that answers a request, whatever it holds; errors are answers too."""
    root = Element("OAI-PMH", _ROOT)
    add(root, "responseDate", stamp(timezone.now()))
    try:
        question = Question.read(data)
        # Made apart: where it fails halfway, nothing of it is sent.
        body = Element(question.verb)
        _VERBS[question.verb](body, question)
    except OaiError as error:
        # The arguments are repeated only where they were understood.
        is_sound = error.code not in {"badVerb", "badArgument"}
        add(root, "request", base_url(), **(_given(data) if is_sound else {}))
        add(root, "error", str(error)[:_LONGEST_MESSAGE], code=error.code)
    else:
        add(root, "request", base_url(), **question.given)
        root.append(body)
    return written(root)


def _given(data: QueryDict) -> dict[str, str]:
    return {name: str(data[name]) for name in data}


def base_url() -> str:
    return settings.SITE_URL + reverse("library:oai")


def identifier(report_number: int) -> str:
    """The name of a report's record, the same for good: `oai:alliance.example.org:12`."""
    return f"oai:{urlsplit(settings.SITE_URL).hostname}:{report_number}"


def _identify(body: Element, question: Question) -> None:
    first = HarvestRecord.objects.aggregate(first=Min("changed_at"))["first"]
    add(body, "repositoryName", _("UNOSSC Alliance: knowledge library"))
    add(body, "baseURL", base_url())
    add(body, "protocolVersion", "2.0")
    add(body, "adminEmail", _admin_email())
    add(body, "earliestDatestamp", stamp(first or timezone.now()))
    add(body, "deletedRecord", "persistent")
    add(body, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    add(body, "compression", "gzip")


def _admin_email() -> str:
    """The protocol wants a dot behind the @, which the addresses of a trial copy lack."""
    _name, address = parseaddr(settings.SECRETARIAT_EMAIL)
    return address if "." in address.rpartition("@")[2] else f"{address}.localdomain"


def _list_metadata_formats(body: Element, question: Question) -> None:
    if question.identifier:
        _record(question.identifier)
    kind = add(body, "metadataFormat")
    add(kind, "metadataPrefix", PREFIX)
    add(kind, "schema", dublin_core.SCHEMA)
    add(kind, "metadataNamespace", dublin_core.NAMESPACE)


def _list_sets(body: Element, question: Question) -> None:
    for each in oai_sets.all_sets():
        row = add(body, "set")
        add(row, "setSpec", each.spec)
        add(row, "setName", each.name)


def _get_record(body: Element, question: Question) -> None:
    record = _record(question.identifier)
    report = _reports([record]).get(record.report_number)
    _add_record(body, record, report)


def _list_records(body: Element, question: Question) -> None:
    _list(body, question, _add_record)


def _list_identifiers(body: Element, question: Question) -> None:
    _list(body, question, _add_header)


_VERBS: dict[str, Callable[[Element, Question], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_metadata_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}


def _record(name: str) -> HarvestRecord:
    """Raises OaiError where no record has that name."""
    found = re.fullmatch(r"[1-9][0-9]{0,17}", name.rpartition(":")[2])
    if found and name == identifier(int(found[0])):
        record = HarvestRecord.objects.filter(report_number=int(found[0])).first()
        if record:
            return record
    raise OaiError("idDoesNotExist", "No record has this identifier.")


def _list(
    body: Element,
    question: Question,
    add_one: Callable[[Element, HarvestRecord, Report | None], None],
) -> None:
    """A page of a list, and the token with which the next one is asked for.

    The list is in the order of changes, and a page goes on behind the last record of the one
    before: what changes meanwhile moves to the end and comes (once more), nothing is left out.
    """
    records = _asked_for(question)
    place = question.place
    page = list(_behind(records, place)[: PER_ANSWER + 1])
    if not page:
        raise OaiError("noRecordsMatch", "Nothing fits these arguments.")
    shown = page[:PER_ANSWER]
    reports = _reports(shown)
    for record in shown:
        add_one(body, record, reports.get(record.report_number))
    is_last = len(page) <= PER_ANSWER
    if is_last and not place:
        return
    sent, total = (place.sent, place.total) if place else (0, records.count())
    last = shown[-1]
    next_place = Place(last.changed_at, last.report_number, sent + len(shown), total)
    # The last page of several has a token that is empty.
    token = "" if is_last else question.token(next_place)
    add(body, "resumptionToken", token, completeListSize=str(total), cursor=str(sent))


def _asked_for(question: Question) -> QuerySet[HarvestRecord]:
    records = HarvestRecord.objects.order_by("changed_at", "report_number")
    if question.begin:
        records = records.filter(changed_at__gte=question.begin)
    if question.end:
        records = records.filter(changed_at__lte=question.end)
    if question.chosen_set:
        records = oai_sets.within(records, question.chosen_set)
    return records


def _behind(records: QuerySet[HarvestRecord], place: Place | None) -> QuerySet[HarvestRecord]:
    if place is None:
        return records
    later = Q(changed_at__gt=place.changed_at)
    same = Q(changed_at=place.changed_at, report_number__gt=place.report_number)
    # The first condition is part of the second; with it the index leads straight to the place.
    return records.filter(later | same, changed_at__gte=place.changed_at)


def _reports(records: Sequence[HarvestRecord]) -> dict[int, Report]:
    """The reports of the records by number, with all that is told of them."""
    numbers = [record.report_number for record in records]
    reports = Report.objects.filter(pk__in=numbers)
    return {row.pk: row for row in reports.with_codes().with_people().with_editions()}


def _add_header(parent: Element, record: HarvestRecord, report: Report | None) -> None:
    status = {} if _is_there(record, report) else {"status": "deleted"}
    header = add(parent, "header", **status)
    add(header, "identifier", identifier(record.report_number))
    add(header, "datestamp", stamp(record.changed_at))
    for spec in oai_sets.sets_of(report) if report else []:
        add(header, "setSpec", spec)


def _add_record(parent: Element, record: HarvestRecord, report: Report | None) -> None:
    row = add(parent, "record")
    _add_header(row, record, report)
    if report and _is_there(record, report):
        dublin_core.add_report(add(row, "metadata"), report)


def _is_there(record: HarvestRecord, report: Report | None) -> bool:
    """Whatever the record says, what is not public now is not handed out."""
    return not record.is_deleted and report is not None and report.is_published
