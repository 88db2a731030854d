"""The text of a report's PDF, page by page: what is searched, and shown to slow lines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.edition import EditionFile


class Page(models.Model):
    """The text of one page of a PDF, in the order in which people read it.

    Paragraphs are parted by an empty line; running heads and page numbers are left out. Kept for
    the version that was read last: it takes the place of what older ones said.
    """

    file = models.ForeignKey(
        EditionFile, models.CASCADE, related_name="pages", verbose_name=_("version of the PDF")
    )
    number = models.PositiveIntegerField(_("page"), help_text=_("Counted from one."))
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="page_once_in_a_file"),
            models.CheckConstraint(name="page_counts_from_one", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.file}, {self.number}"
