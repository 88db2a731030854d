"""Addresses on the web, one on each line of a text field."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_MAX_LENGTH = 500
# A host and whatever follows it, in characters that browsers read as they stand.
_LINK = re.compile(r"https?://[^\s/?#\\<>\"]+([/?#][^\s\\<>\"]*)?", re.IGNORECASE)


class LinksField(forms.CharField):
    """At most `most` addresses; `cleaned_data` holds them one on each line, each once.

    Only the scheme is checked, http or https: nobody goes there to look.
    """

    default_error_messages = {
        "most": ngettext_lazy(
            "Give at most %(most)d link.", "Give at most %(most)d links.", "most"
        ),
        "link": _("“%(link)s” is no web address that begins with http:// or https://."),
    }

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        links = list(dict.fromkeys(_with_scheme(line.strip()) for line in text.splitlines()))
        links = [link for link in links if link]
        wrong = [link for link in links if not _is_link(link)]
        if wrong:
            raise ValidationError(
                [
                    ValidationError(
                        self.error_messages["link"], code="link", params={"link": _shown(link)}
                    )
                    for link in wrong[: self.most]
                ]
            )
        if len(links) > self.most:
            raise ValidationError(
                self.error_messages["most"], code="most", params={"most": self.most}
            )
        return "\n".join(links)


def _with_scheme(link: str) -> str:
    """`example.org` becomes `https://example.org`; whatever names a scheme keeps it."""
    return f"https://{link}" if link and ":" not in link.split("/", 1)[0] else link


def _is_link(link: str) -> bool:
    try:
        return len(link) <= _MAX_LENGTH and bool(_LINK.fullmatch(link) and urlsplit(link).hostname)
    except ValueError:  # no address, as https://[:: is none
        return False


def _shown(link: str) -> str:
    return link if len(link) <= 60 else f"{link[:60]}…"
