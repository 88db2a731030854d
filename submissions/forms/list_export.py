"""How a list is taken out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.spreadsheets import Format


class ListExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=Format.choices, initial=Format.XLSX, widget=forms.RadioSelect
    )
