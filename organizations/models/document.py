from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.models.scanned_file import ScannedFile, ScannedFileQuerySet
from organizations.models.organization import Organization


class OrganizationDocumentQuerySet(ScannedFileQuerySet["OrganizationDocument"]):
    def visible_to(self, user: models.Model) -> Self:
        """Those of the organization that this person belongs to."""
        return self.filter(organization__memberships__user=user)


class OrganizationDocument(ScannedFile):
    """A paper that shows what an organization is; private, read by its members and reviewers."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Registration certificate")
        STATUTES = "statutes", _("Statutes or founding act")
        ACCOUNTS = "accounts", _("Annual report or accounts")
        OTHER = "other", _("Another document")

    FOLDER = "organizations"

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)

    objects = OrganizationDocumentQuerySet.as_manager()

    class Meta(ScannedFile.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            *ScannedFile.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "sha256"], name="organization_document_once"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("organization")

    @property
    def about(self) -> Organization:
        return self.organization
