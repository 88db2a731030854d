import uuid
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import picture_storage
from alliance.models import Country
from alliance.retention import YEAR
from alliance.text import Text
from alliance.workflow import State, Turn, Workflow, arrows_trigger, birth_trigger
from organizations.models import DueDiligence, Organization
from organizations.workflow import CLEARED_STATES
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


class Kind(models.TextChoices):
    EXPRESSION_OF_INTEREST = "eoi", _("Expression of Interest")
    DEMAND = "demand", _("Demand")
    OFFER = "offer", _("Offer")


# What an approved institution asks for or gives, as opposed to the wish to take part.
DEMANDS_AND_OFFERS = (Kind.DEMAND, Kind.OFFER)

WORKFLOWS: dict[str, Workflow] = {
    Kind.EXPRESSION_OF_INTEREST: EXPRESSION_OF_INTEREST,
    Kind.DEMAND: DEMAND_OR_OFFER,
    Kind.OFFER: DEMAND_OR_OFFER,
}
REFERENCE_PREFIXES = {
    Kind.EXPRESSION_OF_INTEREST: "EOI",
    Kind.DEMAND: "DEM",
    Kind.OFFER: "OFF",
}
# Every state that a submission of any kind may be in, as staff read it.
STATUSES: dict[str, Text] = dict(DEMAND_OR_OFFER.choices()) | dict(EXPRESSION_OF_INTEREST.choices())

_IS_EOI = models.Q(kind=Kind.EXPRESSION_OF_INTEREST)
_OPEN_EOI = _IS_EOI & models.Q(status__in=EXPRESSION_OF_INTEREST.open_codes())


def of_turn(*turns: Turn) -> models.Q:
    """Submissions of any kind that wait for one of these."""
    found = models.Q()
    for kind, workflow in WORKFLOWS.items():
        codes = [code for turn in turns for code in workflow.codes(turn=turn)]
        found |= models.Q(kind=kind, status__in=codes)
    return found


def _clearance_today() -> models.QuerySet[DueDiligence]:
    """The clearance of the organization of an outer row, where it holds."""
    return DueDiligence.objects.newest().filter(
        organization=models.OuterRef("organization"),
        status__in=CLEARED_STATES,
        valid_until__gte=timezone.localdate(),
    )


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: models.Model) -> "SubmissionQuerySet":
        """What the person's own organization has drafted or submitted."""
        return self.filter(organization__memberships__user=user)

    def applications(self) -> "SubmissionQuerySet":
        """Expressions of Interest."""
        return self.filter(_IS_EOI)

    def demands_and_offers(self) -> "SubmissionQuerySet":
        return self.filter(kind__in=DEMANDS_AND_OFFERS)

    def drafts(self) -> "SubmissionQuerySet":
        return self.filter(status=DRAFT)

    def open(self) -> "SubmissionQuerySet":
        """What somebody is still expected to act on, drafts included."""
        return self.filter(of_turn(Turn.APPLICANT, Turn.SECRETARIAT))

    def published(self) -> "SubmissionQuerySet":
        """Demands and Offers that everybody may read."""
        return self.demands_and_offers().filter(status=PUBLISHED)

    def live(self) -> "SubmissionQuerySet":
        """Demands and Offers that were accepted and have not ended: published or paused."""
        return self.demands_and_offers().filter(status__in=LIVE_STATES)

    def cleared(self) -> "SubmissionQuerySet":
        """Those whose organization is cleared today."""
        return self.filter(models.Exists(_clearance_today()))

    def uncleared(self) -> "SubmissionQuerySet":
        return self.filter(~models.Exists(_clearance_today()))

    def untouched_since(self, moment: datetime) -> "SubmissionQuerySet":
        """Drafts that nobody has saved since; `touched_at` says when somebody last did."""
        touched = self.drafts().annotate(touched_at=Coalesce("saved_at", "created_at"))
        return touched.filter(touched_at__lt=moment)

    def received(self) -> "SubmissionQuerySet":
        """What the secretariat has ever been sent; drafts are their owners' alone."""
        return self.exclude(status=DRAFT)

    def reviewable_by(self, user: models.Model) -> "SubmissionQuerySet":
        """What this member of staff may work on: nobody reviews their own organization."""
        return self.received().exclude(organization__memberships__user_id=user.pk)

    def waiting_for(self, turn: Turn) -> "SubmissionQuerySet":
        return self.filter(of_turn(turn))


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
            models.Index(fields=["status", "submitted_at", "id"], name="submission_queue"),
            models.Index(fields=["assignee", "status"], name="submission_assignee"),
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
    def is_application(self) -> bool:
        """An Expression of Interest, as opposed to a Demand or Offer."""
        return self.kind == Kind.EXPRESSION_OF_INTEREST

    @property
    def is_live(self) -> bool:
        """Published or paused: accepted, and not ended."""
        return self.status in LIVE_STATES

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
