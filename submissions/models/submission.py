import uuid
from datetime import date, datetime, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import picture_storage
from alliance.models import Country
from alliance.retention import YEAR
from alliance.searching import words_of
from alliance.workflow import State, Turn, Workflow, arrows_trigger, birth_trigger
from organizations.models import Organization, User
from submissions.models.kinds import (
    DEMANDS_AND_OFFERS,
    IS_EOI,
    REFERENCE_PREFIXES,
    STATUSES,
    WORKFLOWS,
    Kind,
    codes_of_turn,
)
from submissions.models.submission_queryset import SubmissionQuerySet
from submissions.workflow import (
    DECLINED,
    DEMAND_OR_OFFER,
    DRAFT,
    EXPRESSION_OF_INTEREST,
    INELIGIBLE,
    LAPSED,
    LIVE_STATES,
    PAUSED,
    PUBLISHED,
    WITHDRAWN,
)

_OPEN_EOI = IS_EOI & models.Q(status__in=EXPRESSION_OF_INTEREST.open_codes())


class Submission(models.Model):
    """What an organization sends to the secretariat, from first draft to decision and beyond.

    While it is written, `typed` holds what was typed, valid or not, so that nothing is lost.
    Sending it makes a `Revision` with the checked answers; the columns after `reference` repeat
    the ones that lists filter by.

    A published Demand or Offer shows `shown_revision`. Changing it makes a newer revision, which
    waits for the secretariat while the shown one stays.
    """

    # Ended without an approval: such an application is deleted after a time.
    WITHOUT_SUCCESS = (DECLINED, INELIGIBLE, WITHDRAWN, LAPSED)
    WITHOUT_SUCCESS_KEPT_FOR = 5 * YEAR

    # A draft that nobody touches: when its writer is reminded, when it goes, with what notice.
    DRAFTS_REMINDED_AFTER = timedelta(days=14)
    DRAFTS_KEPT_FOR = timedelta(days=180)
    DRAFTS_NOTICE = timedelta(days=14)
    # How long a Demand or Offer is published, and how long before its end it can be renewed.
    PUBLISHED_MONTHS = 12
    RENEWAL_FROM = timedelta(days=30)
    # The columns that a saving of what is written changes beside the text itself.
    SAVED = ("version", "saved_at", "saved_by")

    SEARCHED = words_of("title")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("organization"),
        related_name="submissions",
    )
    status = models.CharField(
        _("status"), max_length=30, choices=list(STATUSES.items()), default=DRAFT
    )
    status_at = models.DateTimeField(_("status since"), auto_now_add=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("status set by"),
        related_name="+",
        null=True,
        blank=True,
    )
    return_to = models.CharField(_("returns to"), max_length=30, blank=True)

    typed = models.JSONField(_("as typed"), default=dict, blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos", storage=picture_storage, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("saved by"),
        related_name="+",
        null=True,
        blank=True,
    )
    reminded_at = models.DateTimeField(_("reminded of the draft"), null=True, blank=True)
    warned_at = models.DateTimeField(_("told that the draft goes"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("received"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("submitted by"),
        related_name="+",
        null=True,
        blank=True,
    )

    # Received, and the worker has not told sender and due diligence yet.
    is_arriving = models.BooleanField(_("arrives"), default=False, editable=False)

    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True, blank=True)
    title = models.CharField(_("name"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), null=True, blank=True, related_name="+"
    )
    region = models.CharField(_("region"), max_length=50, blank=True)
    partner_category = models.CharField(_("partner category"), max_length=50, blank=True)
    sdgs = ArrayField(models.CharField(max_length=50), verbose_name=_("SDG"), default=list)
    # Of Demands and Offers: codes of their terms, and of countries (`places`).
    support = ArrayField(models.CharField(max_length=50), verbose_name=_("support"), default=list)
    themes = ArrayField(models.CharField(max_length=50), verbose_name=_("themes"), default=list)
    places = ArrayField(models.CharField(max_length=50), verbose_name=_("places"), default=list)
    modalities = ArrayField(
        models.CharField(max_length=50), verbose_name=_("modalities"), default=list
    )

    shown_revision = models.ForeignKey(
        "submissions.Revision",
        models.RESTRICT,
        verbose_name=_("published revision"),
        related_name="+",
        null=True,
        blank=True,
    )
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    renewal_offered_at = models.DateTimeField(_("reminded to renew"), null=True, blank=True)
    is_paused_by_portal = models.BooleanField(
        _("paused while the clearance is"),
        default=False,
        help_text=_("Comes back by itself with the clearance of the organization."),
    )
    is_paused_by_secretariat = models.BooleanField(
        _("paused by the secretariat"),
        default=False,
        help_text=_("Only the secretariat shows it again."),
    )

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("assigned to"),
        related_name="assigned_submissions",
        null=True,
        blank=True,
    )
    # Empty: the rules of assignment have to be looked at (again).
    routed_at = models.DateTimeField(_("rules looked at"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=_OPEN_EOI, name="one_open_expression_of_interest"
            ),
            models.CheckConstraint(
                name="submission_published_shows_a_revision",
                condition=~models.Q(status__in=LIVE_STATES)
                | models.Q(
                    shown_revision__isnull=False,
                    published_at__isnull=False,
                    expires_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="submission_paused_by_portal_is_paused",
                condition=models.Q(is_paused_by_portal=False) | models.Q(status=PAUSED),
            ),
            models.CheckConstraint(
                name="submission_paused_by_secretariat_is_paused",
                condition=models.Q(is_paused_by_secretariat=False)
                | models.Q(status=PAUSED, is_paused_by_portal=False),
            ),
            models.CheckConstraint(
                name="submission_arriving_is_received",
                condition=models.Q(is_arriving=False) | ~models.Q(status=DRAFT),
            ),
            models.CheckConstraint(
                name="submission_received_has_reference",
                condition=models.Q(status=DRAFT, reference__isnull=True, submitted_at__isnull=True)
                | (
                    ~models.Q(status=DRAFT)
                    & models.Q(reference__isnull=False, submitted_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status"], name="submission_organization"),
            models.Index(
                fields=["status", "submitted_at", "id"],
                include=["kind", "organization"],
                name="submission_queue",
            ),
            # The first page of the queue, and the whole list page by page: in order, and all that is
            # asked of a row to stand there.
            models.Index(
                fields=["submitted_at", "id"],
                include=["organization"],
                name="submission_waiting",
                condition=models.Q(status__in=codes_of_turn(Turn.SECRETARIAT)),
            ),
            models.Index(
                fields=["submitted_at", "id"],
                include=["organization"],
                name="submission_received",
                condition=~models.Q(status=DRAFT),
            ),
            GinIndex(words_of("title"), name="submission_search"),
            # Which of them have waited longest.
            models.Index(
                fields=["status_at", "id"],
                include=["organization"],
                name="submission_status_at",
                condition=models.Q(status__in=codes_of_turn(Turn.SECRETARIAT)),
            ),
            models.Index(
                fields=["assignee", "status"],
                include=["id", "organization"],
                name="submission_desk",
            ),
            models.Index(
                fields=["id"],
                name="submission_to_be_routed",
                condition=~models.Q(status=DRAFT)
                & models.Q(assignee__isnull=True, routed_at__isnull=True),
            ),
            models.Index(
                fields=["id"],
                name="submission_arriving",
                condition=models.Q(is_arriving=True),
            ),
            models.Index(
                fields=["expires_on"],
                name="submission_expiry",
                condition=models.Q(status__in=LIVE_STATES),
            ),
        ]
        triggers = [
            arrows_trigger(
                EXPRESSION_OF_INTEREST, condition=pgtrigger.Q(old__kind=Kind.EXPRESSION_OF_INTEREST)
            ),
            arrows_trigger(
                DEMAND_OR_OFFER, condition=pgtrigger.Q(old__kind__in=DEMANDS_AND_OFFERS)
            ),
            # Every kind is born a draft.
            birth_trigger(EXPRESSION_OF_INTEREST),
            pgtrigger.ReadOnly(name="submission_identity", fields=["uuid", "kind", "organization"]),
        ]

    def __str__(self) -> str:
        return self.reference or f"{self.get_kind_display()} ({self.state.label})"

    def get_absolute_url(self) -> str:
        return reverse("submissions:detail", args=[self.uuid])

    def note_saving(self, by: User) -> None:
        """Count a new version of what is written; the caller saves `SAVED`."""
        self.version += 1
        self.saved_at, self.saved_by = timezone.now(), by

    @property
    def workflow(self) -> Workflow:
        return WORKFLOWS[self.kind]

    @property
    def state(self) -> State:
        return self.workflow.state(self.status)

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT

    @property
    def touched_last(self) -> datetime:
        """When somebody last saved the draft, or began it."""
        return self.saved_at or self.created_at

    @property
    def draft_goes_on(self) -> date | None:
        """The day on which a draft is deleted, once notice of that was given."""
        if not self.is_draft or self.warned_at is None or self.warned_at < self.touched_last:
            return None
        return timezone.localdate(self.warned_at + self.DRAFTS_NOTICE)

    @property
    def is_application(self) -> bool:
        """An Expression of Interest, as opposed to a Demand or Offer."""
        return self.kind == Kind.EXPRESSION_OF_INTEREST

    @property
    def is_live(self) -> bool:
        """Published or paused: accepted, and not ended."""
        return self.status in LIVE_STATES

    @property
    def is_worked_on(self) -> bool:
        """Received and open, or shown with changes that may come: a case that has an assignee."""
        return not self.is_draft and (self.state.is_open or self.is_live)

    @property
    def is_published(self) -> bool:
        return self.status == PUBLISHED

    @property
    def is_ending(self) -> bool:
        """Published or paused, and due for a renewal."""
        if not self.is_live or self.expires_on is None:
            return False
        return self.expires_on - timezone.localdate() <= self.RENEWAL_FROM

    @property
    def goes_at(self) -> datetime | None:
        """When it is deleted, if it ended without an approval; None for all others."""
        if self.status not in self.WITHOUT_SUCCESS:
            return None
        return self.status_at + self.WITHOUT_SUCCESS_KEPT_FOR

    def make_reference(self) -> str:
        """A number to read out on the telephone; unique because the row's own number is."""
        if self.submitted_at is None:
            raise ValueError("a reference is made when a submission is received")
        prefix = REFERENCE_PREFIXES[Kind(self.kind)]
        return f"{prefix}-{self.submitted_at.year}-{self.pk:06d}"
