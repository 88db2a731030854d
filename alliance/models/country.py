"""Countries and areas, and the UN's groups of countries in special situations."""

import datetime

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.models.localized import localized
from alliance.models.vocabulary import renews_stamp


class CountryQuerySet(models.QuerySet["Country"]):
    def offered(self) -> "CountryQuerySet":
        return self.filter(is_offered=True)

    def in_group(self, group: str, on: datetime.date | None = None) -> "CountryQuerySet":
        """Members of `ldc`, `lldc` or `sids` on a day, by default today."""
        memberships = CountryGroupMembership.objects.filter(group=group).valid_on(
            on or timezone.localdate()
        )
        return self.filter(pk__in=memberships.values("country"))


class Country(models.Model):
    """A country or area as the UN names it, with two sets of regions that are never mixed.

    `region` is a code of the vocabulary `region`, which the forms and the board use. The M49
    columns are the Statistics Division's axis, for reports: Sudan is one of the Arab States in the
    first and in Africa in the second.
    """

    iso2 = models.CharField(_("ISO code, two letters"), max_length=2, primary_key=True)
    iso3 = models.CharField(_("ISO code, three letters"), max_length=3, unique=True)
    m49 = models.CharField(_("M49 code"), max_length=3, unique=True)

    name_en = models.CharField(_("name (English)"), max_length=120)
    name_fr = models.CharField(_("name (French)"), max_length=120, blank=True)
    name_es = models.CharField(_("name (Spanish)"), max_length=120, blank=True)
    name_ar = models.CharField(_("name (Arabic)"), max_length=120, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)
    name_ru = models.CharField(_("name (Russian)"), max_length=120, blank=True)

    region = models.SlugField(_("region"), max_length=50)
    m49_region_code = models.CharField(_("M49 region code"), max_length=3, blank=True)
    m49_region = models.CharField(_("M49 region"), max_length=60, blank=True)
    m49_subregion_code = models.CharField(_("M49 subregion code"), max_length=3, blank=True)
    m49_subregion = models.CharField(_("M49 subregion"), max_length=60, blank=True)
    m49_intermediate_code = models.CharField(
        _("M49 intermediate region code"), max_length=3, blank=True
    )
    m49_intermediate = models.CharField(_("M49 intermediate region"), max_length=60, blank=True)

    is_offered = models.BooleanField(_("offered in the forms"), default=False)

    objects = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_en"]
        constraints = [
            models.CheckConstraint(
                name="country_iso2_two_capitals", condition=models.Q(iso2__regex="^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="country_has_english_name", condition=~models.Q(name_en="")
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="code_is_permanent", fields=["iso2"]),
            renews_stamp(),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language, or in English."""
        return localized(self, "name")


class CountryGroupMembershipQuerySet(models.QuerySet["CountryGroupMembership"]):
    def valid_on(self, day: datetime.date) -> "CountryGroupMembershipQuerySet":
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day),
        )


class CountryGroupMembership(models.Model):
    """A country belongs to a group from one day to another, both days included.

    An empty date means that the portal does not know a beginning, or an end.
    """

    class Group(models.TextChoices):
        LDC = "ldc", _("Least developed countries")
        LLDC = "lldc", _("Landlocked developing countries")
        SIDS = "sids", _("Small island developing States")

    country = models.ForeignKey(
        Country,
        on_delete=models.CASCADE,
        related_name="group_memberships",
        verbose_name=_("country"),
    )
    group = models.CharField(_("group"), max_length=4, choices=Group.choices)
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = CountryGroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("group membership")
        verbose_name_plural = _("group memberships")
        ordering = ["country", "group", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "group", "valid_from"],
                name="country_group_once_per_start",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="country_group_known",
                condition=models.Q(group__in=["ldc", "lldc", "sids"]),
            ),
            models.CheckConstraint(
                name="country_group_dates_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id}: {self.get_group_display()}"
