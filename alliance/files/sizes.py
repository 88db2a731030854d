"""Sizes of files, counted and written one way everywhere."""

from django.utils.formats import number_format
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KB = 2**10
MB = 2**20
GB = 2**30


def readable_size(size: int) -> str:
    """`84 KB`, `3.1 MB`, `1 GB`: at most one decimal, and none where it would be zero."""
    for unit, name in ((GB, _("GB")), (MB, _("MB")), (KB, _("KB"))):
        if size >= unit:
            tenths = round(size * 10 / unit)
            decimals = 1 if tenths % 10 else 0
            return f"{number_format(tenths / 10, decimals)} {name}"
    return f"{size} {_('bytes')}"


_readable_size_lazy = lazy(readable_size, str)


def maximum_size_text(max_bytes: int) -> Promise:
    """The sentence that stands beside a file field, and in the refusal of a larger file."""
    return format_lazy(
        gettext_lazy("Maximum file size: {size}"), size=_readable_size_lazy(max_bytes)
    )
