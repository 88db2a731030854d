"""What the search and the list read: everything here is made from reports, and can be made again.

`knowledge.indexing` writes it.
"""

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.report import Report


class IndexEntryQuerySet(models.QuerySet["IndexEntry"]):
    def shown(self, on: datetime.date) -> Self:
        return self.filter(shown_from__lte=on)

    def due(self) -> Self:
        """Whose text has changed since it was last read into the index."""
        return self.filter(read__lt=models.F("wanted"), attempts__lt=IndexEntry.MOST_ATTEMPTS)


class IndexEntry(models.Model):
    """A report as the list shows it and the search finds it, in all its languages together.

    What is said of a report is written with the report, in the same transaction. The words inside
    its PDF files follow: `wanted` counts the changes, `read` is the one that was last read.
    """

    MOST_ATTEMPTS = 5

    report = models.OneToOneField(
        Report, on_delete=models.CASCADE, primary_key=True, related_name="index_entry"
    )
    # The day from which anybody may find it; none for drafts and retired reports.
    shown_from = models.DateField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    # The title as it is sorted: without capitals and accents.
    title_key = models.CharField(max_length=300, db_collation="C")
    # A facet and a code, as in `theme:health`.
    facets = ArrayField(models.CharField(max_length=250))
    # What a line of the list shows, so that no other table is asked.
    card = models.JSONField()
    titles = SearchVectorField()
    # Title, people, abstract and findings, with weights, by which a report is ranked; and the codes
    # of `facets`, so that words and choices are one question to one index.
    words = SearchVectorField()
    # All of that and the words of all pages: words on different pages meet. Places, with the weight
    # D, are only those of the report's first part.
    everything = SearchVectorField()
    # The file of the first part, the numbers of its pages, and how many words stand before each.
    file = models.UUIDField(null=True)
    pages = ArrayField(models.PositiveIntegerField())
    starts = ArrayField(models.PositiveIntegerField())

    wanted = models.PositiveIntegerField(default=1)
    read = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()

    objects = IndexEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the library's list")
        verbose_name_plural = _("lines of the library's list")
        indexes = [
            GinIndex(fields=["titles"], name="index_titles"),
            GinIndex(fields=["words"], name="index_words"),
            GinIndex(fields=["everything"], name="index_everything"),
            GinIndex(fields=["facets"], name="index_facets"),
            models.Index(
                models.F("year").desc(nulls_last=True),
                models.F("report").desc(),
                name="index_newest",
                include=["shown_from"],
                condition=models.Q(shown_from__isnull=False),
            ),
            models.Index(
                fields=["title_key", "report"],
                name="index_title",
                include=["shown_from"],
                condition=models.Q(shown_from__isnull=False),
            ),
            models.Index(
                fields=["report"],
                name="index_due",
                condition=models.Q(read__lt=models.F("wanted")),
            ),
        ]

    def __str__(self) -> str:
        return self.title_key


class IndexPart(models.Model):
    """The words of further pages of a report, with their places: for passages, and for phrases.

    A vector counts places to 16,383 and keeps 255 of a word. Pages that need no more are a part;
    most reports are one, which their row in `IndexEntry` holds.
    """

    entry = models.ForeignKey(IndexEntry, on_delete=models.CASCADE, related_name="further_parts")
    file = models.UUIDField()
    pages = ArrayField(models.PositiveIntegerField())
    starts = ArrayField(models.PositiveIntegerField())
    words = SearchVectorField()

    def __str__(self) -> str:
        return f"{self.file}, {self.pages[0]} to {self.pages[-1]}"


class IndexWord(models.Model):
    """A word as people spell it, and in about how many reports: for "did you mean".

    Words are added and never taken away, those of reports that nobody may see too: whatever is
    suggested is looked for first, and offered only if it is found.
    """

    word = models.CharField(max_length=40, primary_key=True, db_collation="C")
    reports = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-reports", "word"], name="index_word_usual")]

    def __str__(self) -> str:
        return self.word


class IndexChange(models.Model):
    """A change of what readers find. Together they name the state that a count belongs to.

    A row for each, and not one number to raise: nobody waits for another's transaction, and a
    change counts from the moment in which others see it.
    """

    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)
