"""What a harvester asks: the arguments of each verb, and the tokens by which a list goes on.

Source: The Open Archives Initiative Protocol for Metadata Harvesting 2.0, sections 2.7.1 (dates),
3.5 (flow control), 3.6 (errors) and 4 (verbs).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from django import forms
from django.core import signing
from django.http import QueryDict

from alliance import turned_away

PREFIX = "oai_dc"

_DAY = "%Y-%m-%d"
_SECOND = "%Y-%m-%dT%H:%M:%SZ"
_SALT = "knowledge.oai.1"
_TOKEN_LENGTH = 1000


class OaiError(Exception):
    """An answer that says what was wrong, by one of the protocol's codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Verb(NamedTuple):
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    goes_on: bool = False  # takes a resumptionToken, and then nothing else


_LIST = Verb(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), goes_on=True)
VERBS = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=frozenset({"identifier"})),
    "ListSets": Verb(goes_on=True),
    "GetRecord": Verb(frozenset({"identifier", "metadataPrefix"})),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}


_WORD = r"[A-Za-z0-9_.!~*'()-]{1,100}"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"
# What may be repeated in an answer without making it invalid.
_PATTERNS = {
    "identifier": r"[A-Za-z0-9:/?@!$&'()*+,;=._~-]{1,200}",
    "metadataPrefix": _WORD,
    "set": rf"{_WORD}(:{_WORD}){{0,5}}",
    "from": _DATE,
    "until": _DATE,
}


class ArgumentsForm(forms.Form):
    """How each argument is written; which of them a verb takes stands in `VERBS`."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, pattern in _PATTERNS.items():
            self.fields[name] = forms.RegexField(rf"^{pattern}\Z", required=False, strip=False)


class Place(NamedTuple):
    """Where a list stopped: behind this record, after `sent` of `total`."""

    changed_at: datetime
    report_number: int
    sent: int
    total: int


@dataclass(frozen=True)
class Question:
    """A sound request. `given` are its arguments as they came, to be repeated in the answer."""

    verb: str
    given: dict[str, str]
    identifier: str = ""
    prefix: str = ""
    chosen_set: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    place: Place | None = None

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """The request in a query string or a form. Raises OaiError."""
        if len(verbs := data.getlist("verb")) != 1 or verbs[0] not in VERBS:
            raise OaiError("badVerb", "Give one verb: " + ", ".join(VERBS) + ".")
        verb = VERBS[verbs[0]]
        names = data.keys() - {"verb"}
        if repeated := [name for name in names if len(data.getlist(name)) > 1]:
            raise OaiError("badArgument", f"Given more than once: {_listed(repeated)}.")
        if empty := [name for name in names if not data[name]]:
            raise OaiError("badArgument", f"Given without a value: {_listed(empty)}.")
        if verb.goes_on and "resumptionToken" in names:
            if names != {"resumptionToken"}:
                raise OaiError("badArgument", "A resumptionToken is given with nothing else.")
            return cls._resumed(verbs[0], str(data["resumptionToken"]))
        if unknown := names - verb.required - verb.optional:
            raise OaiError("badArgument", f"{verbs[0]} does not take: {_listed(unknown)}.")
        if missing := verb.required - names:
            raise OaiError("badArgument", f"{verbs[0]} needs: {_listed(missing)}.")
        return cls._plain(verbs[0], ArgumentsForm(data))

    @classmethod
    def _plain(cls, verb: str, form: ArgumentsForm) -> Self:
        if not form.is_valid():
            raise OaiError("badArgument", f"Cannot be read: {_listed(form.errors)}.")
        cleaned: dict[str, str] = form.cleaned_data
        begin, end = cleaned["from"], cleaned["until"]
        if begin and end and len(begin) != len(end):
            raise OaiError("badArgument", "from and until must be given to the same precision.")
        question = cls(
            verb=verb,
            given={"verb": verb} | {name: text for name, text in cleaned.items() if text},
            identifier=cleaned["identifier"],
            prefix=cleaned["metadataPrefix"],
            chosen_set=cleaned["set"],
            begin=_moment(begin, is_end=False),
            end=_moment(end, is_end=True),
        )
        if question.begin and question.end and question.begin > question.end:
            raise OaiError("badArgument", "from is later than until.")
        if question.prefix not in {"", PREFIX}:
            raise OaiError("cannotDisseminateFormat", f"The only format is {PREFIX}.")
        return question

    @classmethod
    def _resumed(cls, verb: str, token: str) -> Self:
        """The question that a token goes on with: it carries all of it, and the place."""
        try:
            kept: dict[str, Any] = signing.loads(token[:_TOKEN_LENGTH], salt=_SALT)
        except signing.BadSignature as error:
            turned_away.note_signature("harvest", error)
            raise OaiError("badResumptionToken", "This is no token of this library.") from None
        if kept["verb"] != verb:
            raise OaiError("badResumptionToken", f"This token goes on with {kept['verb']}.")
        changed_at, *numbers = kept["place"]
        return cls(
            verb=verb,
            given={"verb": verb, "resumptionToken": token},
            prefix=PREFIX,
            chosen_set=kept["set"],
            begin=_moment(kept["from"], is_end=False),
            end=_moment(kept["until"], is_end=True),
            place=Place(datetime.fromisoformat(changed_at), *numbers),
        )

    def token(self, place: Place) -> str:
        """What goes on behind `place`. The library keeps nothing of it, so it never runs out."""
        kept = {
            "verb": self.verb,
            "set": self.chosen_set,
            "from": stamp(self.begin) if self.begin else "",
            "until": stamp(self.end) if self.end else "",
            "place": [place.changed_at.isoformat(), *place[1:]],
        }
        return signing.dumps(kept, salt=_SALT, compress=True)


def stamp(moment: datetime) -> str:
    """UTC to the second, as the protocol writes it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _moment(text: str, *, is_end: bool) -> datetime | None:
    """The moment that is meant; a day as the end of a span is its last second."""
    if not text:
        return None
    is_day = "T" not in text
    try:
        moment = datetime.strptime(text, _DAY if is_day else _SECOND).replace(tzinfo=UTC)
    except ValueError:
        raise OaiError("badArgument", f"There is no such date: {text}.") from None
    return moment + timedelta(days=1, seconds=-1) if is_day and is_end else moment


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
