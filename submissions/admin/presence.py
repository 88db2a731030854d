"""Who else looks at a case, in a sentence for each."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from submissions.models import ReviewVisit


def sentences(visits: Iterable[ReviewVisit]) -> list[str]:
    return [
        _("%(person)s is looking at this page too, since %(time)s.")
        % {"person": visit.user, "time": time_format(timezone.localtime(visit.since), "H:i")}
        for visit in visits
    ]
