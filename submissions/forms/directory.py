"""What the directory's addresses may ask: every query string goes through a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.browsing.forms import TEXT_LENGTH, CodesField, ListForm
from submissions.directory.asked import DirectoryQuery
from submissions.public.asked import BEST, NEWEST, TITLE


class DirectoryForm(ListForm):
    """The state of the directory, as it stands in the address: of its list and of its map."""

    ORDERS = [(BEST, _("Best match")), (TITLE, _("Name")), (NEWEST, _("Newest"))]

    q = forms.CharField(label=_("Search organizations"), required=False, max_length=TEXT_LENGTH)
    country = CodesField()
    region = CodesField()
    sdg = CodesField()
    category = CodesField()
    theme = CodesField()

    def query(self) -> DirectoryQuery:
        asked = super().query()
        return DirectoryQuery(asked.text, asked.chosen, asked.sort)
