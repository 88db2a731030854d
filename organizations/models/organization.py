from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import picture_storage
from alliance.models import Country, Term
from alliance.searching import words_of


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user: models.Model) -> "OrganizationQuerySet":
        """The organizations that this person belongs to."""
        return self.filter(memberships__user=user)

    def locked(self) -> "OrganizationQuerySet":
        """Held until the transaction ends; others may still refer to them meanwhile.

        The first lock that is taken, and the only one taken for several rows at once: in the order
        of their numbers, so that nobody waits in a ring.
        """
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Organization(models.Model):
    """An institution: registered by a person, and checked before it takes part."""

    class Scope(models.TextChoices):
        NATIONAL = "national", _("One country")
        REGIONAL = "regional", _("Regional entity")
        GLOBAL = "global", _("Global entity")

    # What a search looks at; the index is made of the same.
    SEARCHED = words_of("name")

    name = models.CharField(_("name of institution / organization"), max_length=300)
    scope = models.CharField(
        _("scope"), max_length=10, choices=Scope.choices, default=Scope.NATIONAL
    )
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), null=True, blank=True
    )
    type = models.ForeignKey(
        Term, models.PROTECT, verbose_name=_("organization type"), related_name="+"
    )
    type_other = models.CharField(_("organization other"), max_length=200, blank=True)
    registration_number = models.CharField(
        _("registration number"),
        max_length=100,
        blank=True,
        help_text=_("As in the register of companies, associations or charities."),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("brief description"), blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos", storage=picture_storage, blank=True)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    # Empty: whether it is registered already has to be looked at (again).
    compared_at = models.DateTimeField(_("compared with others"), null=True, blank=True)
    # Its last member has erased their account: nobody speaks for it any more.
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="organization_country_when_national",
                condition=models.Q(scope="national", country__isnull=False)
                | (~models.Q(scope="national") & models.Q(country__isnull=True)),
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="organization_to_compare",
                condition=models.Q(compared_at__isnull=True),
            ),
            GinIndex(words_of("name"), name="organization_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Where it is, for people: its country's name, or what kind of entity it is."""
        return self.country.name if self.country else self.get_scope_display()


class Membership(models.Model):
    """A person's place in an organization."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")
        READER = "reader", _("Reader")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="memberships",
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    function = models.CharField(_("function / role"), max_length=150)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["id"]
        constraints = [
            # One account speaks for one institution; a second one would make every page ask which.
            models.UniqueConstraint(fields=["user"], name="membership_one_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def may_edit(self) -> bool:
        return self.role in {self.Role.OWNER, self.Role.EDITOR}
