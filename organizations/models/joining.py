import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom
from organizations.models.organization import Membership, Organization


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor revoked; some of them may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """An address that an owner asks into the organization; its link is in the mail alone."""

    VALID_FOR = timedelta(days=7)

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="invitations"
    )
    email = models.EmailField(_("email address"), max_length=254)
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role.choices)
    # Which of the mails that were sent counts: the link of an earlier one is dead.
    round = models.PositiveSmallIntegerField(_("mail number"), default=1)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    invited_by = by_whom(_("invited by"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = by_whom(_("accepted by"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    revoked_by = by_whom(_("taken back by"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["invited_at", "uuid"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open_per_address",
            ),
            models.CheckConstraint(
                name="invitation_email_is_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="invitation_ends_one_way",
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and not self.has_expired


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def open(self) -> Self:
        return self.filter(status=JoinRequest.Status.OPEN)

    def overdue(self) -> Self:
        """Those that the owners have left unanswered for too long."""
        return self.open().filter(asked_at__lte=timezone.now() - JoinRequest.OWNERS_ANSWER_WITHIN)

    def for_staff(self) -> Self:
        """Those that wait for the secretariat: nobody else can answer, or nobody did in time."""
        owners = Membership.objects.filter(
            organization=models.OuterRef("organization"),
            role=Membership.Role.OWNER,
            user__is_active=True,
        )
        return self.open().filter(
            models.Q(organization=None)
            | ~models.Exists(owners)
            | models.Q(asked_at__lte=timezone.now() - JoinRequest.OWNERS_ANSWER_WITHIN)
        )


class JoinRequest(models.Model):
    """A person who asks to be let into an organization.

    Without an `organization` nothing registered has the name that was typed; the person who asked
    is told the same either way.
    """

    OWNERS_ANSWER_WITHIN = timedelta(days=7)

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="join_requests",
    )
    typed_name = models.CharField(_("name as typed"), max_length=300)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organization"),
        related_name="join_requests",
        null=True,
        blank=True,
    )
    # A second registration of the same institution, which the person leaves on being let in.
    leaves = models.ForeignKey(
        Organization,
        models.SET_NULL,
        verbose_name=_("leaves the registration"),
        related_name="+",
        null=True,
        blank=True,
    )
    function = models.CharField(_("function / role"), max_length=150)
    message = models.TextField(_("message"), blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    passed_on_at = models.DateTimeField(_("passed on to the secretariat"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = by_whom(_("decided by"))

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["asked_at", "uuid"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status="open"),
                name="join_request_one_open_per_person",
            ),
            models.CheckConstraint(
                name="join_request_decided_when_not_open",
                condition=models.Q(status="open", decided_at=None)
                | (~models.Q(status="open") & models.Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.organization or self.typed_name}"


class PossibleDuplicateQuerySet(models.QuerySet["PossibleDuplicate"]):
    def open(self) -> Self:
        return self.filter(status=PossibleDuplicate.Status.OPEN)


class PossibleDuplicate(models.Model):
    """Two registrations that may be the same institution; seen by the secretariat alone."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT_APART = "kept_apart", _("Two institutions")
        REQUEST_MADE = "request_made", _("Turned into a request to join")

    newer = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("newer registration"), related_name="+"
    )
    older = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("earlier registration"), related_name="+"
    )
    # Codes of `duplicates.Reason`.
    reasons = models.JSONField(_("reasons"), default=list)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=15, choices=Status.choices, default=Status.OPEN
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = by_whom(_("decided by"))

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["newer", "older"], name="possible_duplicate_once"),
            models.CheckConstraint(
                name="possible_duplicate_of_two",
                condition=models.Q(newer__gt=models.F("older")),
            ),
            models.CheckConstraint(
                name="possible_duplicate_decided_when_not_open",
                condition=models.Q(status="open", decided_at=None)
                | (~models.Q(status="open") & models.Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newer} / {self.older}"
