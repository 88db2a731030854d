import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import picture_storage
from alliance.kept_keys import KeptKey
from alliance.models import Country, Term
from alliance.searching import words_of

# What the public sees of it, or by what it is decided whether it sees it.
SHOWN = (
    "name",
    "scope",
    "country",
    "type",
    "website",
    "description",
    "logo",
    "closed_at",
    "may_be_listed",
)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user: models.Model) -> "OrganizationQuerySet":
        """The organizations that this person belongs to."""
        return self.filter(memberships__user=user)

    def to_be_shown(self) -> "OrganizationQuerySet":
        """Those of which something public may have changed since it was last written down."""
        return self.filter(shown_at__isnull=True)

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
    country = KeptKey(Country, models.PROTECT, verbose_name=_("country"), null=True, blank=True)
    type = KeptKey(Term, models.PROTECT, verbose_name=_("organization type"), related_name="+")
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

    # Whether it may be named in the public directory, as it last said: see `actions.listing`.
    may_be_listed = models.BooleanField(_("agrees to be listed"), default=False)
    listing_said_at = models.DateTimeField(_("said that"), null=True, blank=True)
    listing_said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("said by"),
        related_name="+",
        null=True,
        blank=True,
    )
    # Told of as new once, however often it has agreed to it since.
    first_listed_at = models.DateTimeField(_("first listed"), null=True, blank=True)
    # Empty: what the public sees of it has to be looked at (again). Triggers empty it.
    shown_at = models.DateTimeField(_("public entry looked at"), null=True, blank=True)

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
            ),
            # By is empty where that person has erased their account.
            models.CheckConstraint(
                name="organization_listing_said_by_somebody",
                condition=models.Q(listing_said_at__isnull=False)
                | models.Q(listing_said_by__isnull=True, may_be_listed=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="organization_to_compare",
                condition=models.Q(compared_at__isnull=True),
            ),
            GinIndex(words_of("name"), name="organization_search"),
            models.Index(
                fields=["id"],
                name="organization_to_be_shown",
                condition=models.Q(shown_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shows_its_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*SHOWN),
                func="NEW.shown_at = NULL; RETURN NEW;",
            )
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
