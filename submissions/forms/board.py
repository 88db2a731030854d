"""What the addresses of the board may ask: every query string goes through a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.browsing.forms import TEXT_LENGTH, CodesField, ListForm
from submissions.public.asked import BEST, ENDING, NEWEST, PublicQuery


class BoardForm(ListForm):
    """The state of one list of the board, as it stands in its address."""

    ORDERS = [(BEST, _("Best match")), (NEWEST, _("Newest")), (ENDING, _("Ending soon"))]

    q = forms.CharField(label=_("Search"), required=False, max_length=TEXT_LENGTH)
    theme = CodesField()
    region = CodesField()
    support = CodesField()
    modality = CodesField()
    sdg = CodesField()
    country = CodesField()

    def query_of(self, kind: str) -> PublicQuery:
        asked = self.query()
        return PublicQuery(asked.text, asked.chosen, asked.sort, kind)
