"""Drafts that are gone: who deleted one is told to colleagues who still have it open."""

import uuid

from django.utils.translation import gettext as _

from alliance.models import Event
from organizations.models import Organization, User
from organizations.templatetags.people import person


def words_on_discarded(name: uuid.UUID, organization: Organization) -> str:
    """Who deleted this organization's draft of that name; empty where nobody of it did."""
    events = Event.objects.filter(
        name="submission.discarded", data__draft=name.hex, data__organization=organization.pk
    )
    event = events.first()
    if event is None:
        return ""
    actor = None if event.actor_id is None else User.objects.filter(pk=event.actor_id).first()
    return _("%(person)s deleted this draft.") % {"person": person(actor)}
