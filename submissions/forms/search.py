"""What people look for in all that is public."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.browsing.forms import TEXT_LENGTH


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search demands, offers, organizations and reports"),
        required=False,
        max_length=TEXT_LENGTH,
    )

    def words(self) -> str:
        """What was typed; nothing where it could not be read."""
        self.full_clean()
        text: str = self.cleaned_data.get("q", "")
        return text
