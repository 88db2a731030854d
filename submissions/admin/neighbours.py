"""Where a case stands in the view of the queue that it was opened from, and what comes next.

The view's query string travels along in the addresses of its cases. It is read as the queue reads
its own, so whatever is no view of the queue leads to the one that the queue opens with.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from organizations.people import signed_in
from submissions.queue.asked import Asked
from submissions.queue.selection import selected

CARRIED = "view"
# A view is walked as far as this; who works through more comes to its beginning on the way.
MOST = 200


class _CarriedForm(forms.Form):
    """The view as it travels along; what is too long or malformed is none."""

    view = forms.CharField(max_length=2000, required=False)


@dataclass(frozen=True)
class Neighbours:
    """The cases before and after this one; `position` counts from 1, 0 where it is not there."""

    view: str
    position: int = 0
    total: int = 0
    before: int | None = None
    after: int | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the view holds more than were counted."""
        return self.total > MOST

    @property
    def shown_total(self) -> int:
        return min(self.total, MOST)

    @property
    def carried(self) -> str:
        """What an address of the case ends with, so that the view travels along."""
        return f"?{urlencode({CARRIED: self.view})}" if self.view else ""

    @property
    def queue(self) -> str:
        address = reverse("admin:submissions_submission_changelist")
        return f"{address}?{self.view}" if self.view else address

    @property
    def previous_address(self) -> str:
        return self._address(self.before)

    @property
    def next_address(self) -> str:
        return self._address(self.after)

    def _address(self, pk: int | None) -> str:
        if pk is None:
            return ""
        return reverse("admin:submissions_submission_change", args=[pk]) + self.carried


def neighbours(request: HttpRequest, pk: int) -> Neighbours:
    """The place of a case in the view that the request carries, as it is now; one query."""
    asked = asked_by(request)
    rows = selected(signed_in(request), asked)
    pks = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if pk not in pks:
        # Opened from elsewhere, or acted on: the view goes on with its first case.
        return Neighbours(asked.query(), total=len(pks), after=next(iter(pks), None))
    at = pks.index(pk)
    return Neighbours(
        asked.query(),
        position=at + 1,
        total=len(pks),
        before=pks[at - 1] if at else None,
        after=next(iter(pks[at + 1 :]), None),
    )


def asked_by(request: HttpRequest) -> Asked:
    """The view that the request carries; the one that the queue opens with, if it carries none."""
    form = _CarriedForm({"view": request.GET.get(CARRIED, "")})
    return Asked.read(QueryDict(form.cleaned_data["view"] if form.is_valid() else ""))


def carried(request: HttpRequest) -> str:
    """What an address ends with, so that the view of this request goes on travelling along."""
    return Neighbours(asked_by(request).query()).carried
