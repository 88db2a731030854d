"""What follows an Expression of Interest: the forms that its answers lead on to."""

from typing import NamedTuple

from django.urls import reverse

from alliance import vocabularies
from alliance.text import Text
from submissions.desk import NEW_ROUTES
from submissions.labels import FORM_TITLES
from submissions.models import DEMANDS_AND_OFFERS, Kind, Submission


class Lead(NamedTuple):
    """A form to go on with: its title, and its address."""

    title: Text
    address: str


def leads_on(submission: Submission) -> list[Lead]:
    """The Demand or Offer forms that somebody who sent this said they want to fill in."""
    if not submission.is_application:
        return []
    answers = submission.revisions.latest("number").answers
    wanted = set()
    for choice in answers.get("interest", ()):
        if term := vocabularies.term("interest", choice["code"]):
            wanted.add(term.data.get("leads_to"))
    return [
        Lead(FORM_TITLES[kind], reverse(NEW_ROUTES[kind]))
        for kind in (Kind(code) for code in DEMANDS_AND_OFFERS)
        if kind.value in wanted
    ]
