"""States and arrows of a report of the library. Imports nothing of ours but the mechanism.

What readers have seen never becomes a draft again: its address has been cited. It is retired, and
leaves a page that says so. An embargo that has ended needs no arrow: the day has come.
"""

from django.utils.translation import gettext_lazy as _

from alliance.workflow import Actor, Arrow, State, Turn, Workflow

DRAFT = "draft"
EMBARGOED = "embargoed"
PUBLISHED = "published"
RETIRED = "retired"

_EDITORS = frozenset({Actor.LIBRARY_EDITOR, Actor.SYSTEM})

REPORT = Workflow(
    name="report",
    initial=DRAFT,
    states=(
        State(DRAFT, _("Draft"), Turn.SECRETARIAT, "review", _("Draft")),
        State(EMBARGOED, _("Embargoed"), Turn.SECRETARIAT, "paused", _("Embargoed")),
        State(PUBLISHED, _("Published"), Turn.NOBODY, "published", _("Published")),
        State(RETIRED, _("Retired"), Turn.NOBODY, "closed", _("Retired")),
    ),
    arrows=(
        Arrow("publish", (DRAFT, EMBARGOED, RETIRED), PUBLISHED, _EDITORS, _("Publish")),
        Arrow("embargo", (DRAFT, EMBARGOED), EMBARGOED, _EDITORS, _("Embargo until a day")),
        Arrow("retire", (EMBARGOED, PUBLISHED), RETIRED, _EDITORS, _("Retire")),
        Arrow("withdraw", (EMBARGOED,), DRAFT, _EDITORS, _("Back to draft")),
    ),
)
