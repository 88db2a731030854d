"""The queue's page: tabs and saved views, search, filters with counts, rows."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from alliance.text import Text
from organizations.models import User
from organizations.people import signed_in
from organizations.reviewers import described
from submissions.admin.neighbours import Neighbours
from submissions.admin.queue_drawing import drawn, options
from submissions.forms.queue import ViewForm
from submissions.models import SavedView
from submissions.queue.asked import TABS, TEXT_LENGTH, Asked
from submissions.queue.counting import CAP, Counts, counted
from submissions.queue.facets import FACETS, NOBODY
from submissions.queue.rows import PER_PAGE, Page, page_of
from submissions.queue.selection import Reach
from submissions.workload import all_colleagues

# Those that people narrow by most lie open.
_OPEN_FACETS = ("kind", "status", "assignee")


def show(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    asked: Asked,
    *,
    view_form: ViewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list as it is asked for; `view_form` is one that could not be kept as it was sent."""
    user = signed_in(request)
    reach = Reach.of(user)
    counts = counted(reach, asked)
    views = list(SavedView.objects.filter(person=user))
    people = all_colleagues()
    state = asked.query()
    page = page_of(reach.selected(asked), asked.page)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Review queue"),
        "asked": asked,
        "state": state,
        "text_length": TEXT_LENGTH,
        "page": page,
        "export": f"{_export()}?{state}" if state else _export(),
        "rows": drawn(page.rows, Neighbours(state).carried),
        "total": said(_total(counts, page)),
        "tabs": _tabs(asked, counts, is_view=any(view.query == state for view in views)),
        "views": views,
        "view": next((view for view in views if view.query == state), None),
        "view_form": view_form or ViewForm(),
        "facets": _facets(asked, counts, people),
        "hidden": [(name, value) for name, value in asked.parameters() if name != "q"],
        "colleagues": [{"pk": one.pk, "described": described(one)} for one in people],
        "sorts": _sorts(asked),
        "unfiltered": replace(asked, chosen={}).query(),
    }
    return TemplateResponse(
        request, "admin/submissions/submission/queue.html", context, status=status
    )


def _export() -> str:
    return reverse("admin:submissions_listexport_ask", args=["submissions", "submission"])


def _sorts(asked: Asked) -> dict[str, str]:
    """Where the headings lead: the order they name, or, standing in it, the other way round."""

    def address(first: str, second: str) -> str:
        return replace(asked, sort=second if asked.sort == first else first, page=1).query()

    return {
        "received": address("", "newest"),
        "name": address("name", "name_back"),
        "waiting": address("waiting", "moved"),
        "due": address("due", ""),
    }


def _total(counts: Counts, page: Page) -> int:
    """How many are listed; where the last of them is on the page, counted there."""
    shown = (page.number - 1) * PER_PAGE + len(page.rows)
    is_end = page.rows and not page.has_next
    return shown if is_end else max(counts.total, shown)


def said(number: int) -> str:
    return f"{CAP:,}+" if number > CAP else str(number)


def _tabs(asked: Asked, counts: Counts, *, is_view: bool) -> list[dict[str, Any]]:
    return [
        {
            "address": f"?{Asked(tab=name).query()}",
            "label": label,
            "count": said(counts.tabs[name]) if name in counts.tabs else None,
            "chosen": name == asked.tab and not is_view,
        }
        for name, label in TABS.items()
    ]


def _facets(asked: Asked, counts: Counts, people: Iterable[User]) -> list[dict[str, Any]]:
    """The filters that leave anything, each choice with what it would leave."""
    found = []
    for name, facet in FACETS.items():
        numbers = counts.facets.get(name, {})
        code = asked.chosen.get(name, "")
        choices: Iterable[tuple[str, Text]] = facet.choices()
        if name == "assignee":
            choices = [(NOBODY, _("Nobody")), *((str(one.pk), str(one)) for one in people)]
        offered = [choice for choice in choices if choice[0] == code or choice[0] in numbers]
        if offered or code:
            found.append(
                {
                    "title": facet.title,
                    "is_open": bool(code) or name in _OPEN_FACETS,
                    "is_chosen": bool(code),
                    "all": asked.with_choice(name, "").query(),
                    "options": _options(asked, name, offered, numbers),
                }
            )
    return found


def _options(
    asked: Asked, name: str, offered: Iterable[tuple[str, Text]], numbers: Any
) -> SafeString:
    """As HTML: there are more choices on the page than anything else."""
    rest = asked.with_choice(name, "").query()
    rest = f"{rest}&" if rest else ""
    chosen = asked.chosen.get(name)
    parts = (
        (code == chosen, f"{rest}{name}={code}", label, said(numbers.get(code, 0)))
        for code, label in offered
    )
    return options(parts)
