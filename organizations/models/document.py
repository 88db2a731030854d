import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import private_storage
from organizations.models.by import by_whom
from organizations.models.organization import Organization


class OrganizationDocumentQuerySet(models.QuerySet["OrganizationDocument"]):
    def visible_to(self, user: models.Model) -> "OrganizationDocumentQuerySet":
        """Those of the organization that this person belongs to."""
        return self.filter(organization__memberships__user=user)


class OrganizationDocument(models.Model):
    """A paper that shows what an organization is; private, read by its members and reviewers."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Registration certificate")
        STATUTES = "statutes", _("Statutes or founding act")
        ACCOUNTS = "accounts", _("Annual report or accounts")
        OTHER = "other", _("Another document")

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("not scanned")
        CLEAN = "clean", _("no virus found")
        REFUSED = "refused", _("virus found")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    file = models.FileField(_("file"), storage=private_storage, max_length=200)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content_type = models.CharField(_("kind, found by content"), max_length=100)
    scan = models.CharField(
        _("virus scan"), max_length=20, choices=Scan.choices, default=Scan.NOT_SCANNED
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = by_whom(_("added by"))

    objects = OrganizationDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["added_at", "uuid"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "sha256"], name="organization_document_once"
            ),
            models.CheckConstraint(
                name="organization_document_sha256_is_whole",
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_handed_out(self) -> bool:
        """Only a scan that found nothing opens a file; without a scanner the local mode alone."""
        return self.scan == self.Scan.CLEAN or (
            self.scan == self.Scan.NOT_SCANNED and settings.LOCAL_MODE
        )
