"""What anybody finds of Demands, Offers and organizations; `submissions.public` writes and reads it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from submissions.models.submission import Submission


class PublicKind(models.TextChoices):
    DEMAND = "demand", _("Demand")
    OFFER = "offer", _("Offer")
    ORGANIZATION = "organization", _("Organization")


class PublicEntry(models.Model):
    """One published Demand or Offer, or one listed organization, as lists and searches read it.

    A row here is what makes it public: there is none for what is not. All of it is made from other
    rows, in the transaction that changes them, and can be made again. Name, logo and clearance of
    an organization are not repeated here: they are asked live.
    """

    SLUG_LENGTH = 80

    kind = models.CharField(max_length=15, choices=PublicKind)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    submission = models.OneToOneField(
        Submission, models.CASCADE, related_name="public_entry", null=True
    )
    title = models.CharField(max_length=300)
    # The title as it is sorted: without capitals and accents.
    title_key = models.CharField(max_length=300, db_collation="C")
    slug = models.SlugField(max_length=SLUG_LENGTH, blank=True, db_index=False)
    # When it was first published or listed, and when what it says last changed.
    since = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Its last day; none for organizations.
    until = models.DateField(null=True)
    # A facet and a code, as in `theme:health`.
    facets = ArrayField(models.CharField(max_length=100))
    # What else a line of a list shows; see `submissions.public.content`.
    card: models.JSONField[Any, Any] = models.JSONField()
    # The picture that goes with links to it, by its name among the public pictures; empty: it is due.
    picture = models.CharField(max_length=100, blank=True, default="")
    # Title first, then the rest with weights.
    words = SearchVectorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="public_entry_is_of_a_submission_or_an_organization",
                condition=models.Q(kind="organization", submission__isnull=True)
                | ~models.Q(kind="organization") & models.Q(submission__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                name="public_entry_once_per_organization",
                condition=models.Q(kind="organization"),
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="public_entry_words"),
            GinIndex(fields=["facets"], name="public_entry_facets"),
            models.Index(
                fields=["id"],
                name="public_entry_picture_due",
                condition=models.Q(picture="", submission__isnull=False),
            ),
            models.Index(fields=["kind", "-since", "-id"], name="public_entry_newest"),
            models.Index(fields=["kind", "until", "id"], name="public_entry_ending"),
            models.Index(fields=["kind", "title_key", "id"], name="public_entry_title"),
        ]

    def __str__(self) -> str:
        return self.title


class PublicChange(models.Model):
    """A change of what anybody finds. Together they name the state that an answer belongs to.

    A row for each, and not one number to raise: nobody waits for another's transaction, and a
    change counts from the moment in which others see it.
    """

    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)
