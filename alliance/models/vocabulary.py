"""What the lists of the forms offer: vocabularies, their terms, and a stamp that dates a copy."""

import uuid
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.models.localized import LANGUAGES, localized
from alliance.models.term_data import problems

code_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens.")
)


class ReferenceStamp(models.Model):
    """One row, replaced by the database whenever a vocabulary, term or country changes.

    Whoever keeps a copy of the reference data, in memory or rendered, keeps the stamp with it and
    compares. It is random instead of counted: a number given out by a transaction that is rolled
    back would be given out again, for other data.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    stamp = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="reference_stamp_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return str(self.stamp)


def renews_stamp() -> pgtrigger.Trigger:
    """For the tables whose rows are copied: every statement that changes them renews the stamp."""
    return pgtrigger.Trigger(
        name="renews_reference_stamp",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            INSERT INTO alliance_referencestamp (id, stamp) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;
            RETURN NULL;
        """,
    )


class Vocabulary(models.Model):
    """One list. Its rules are fixed by the forms that use it; its terms are the staff's."""

    class SelectMode(models.TextChoices):
        ONE = "one", _("One")
        MANY = "many", _("One or more")

    code = models.SlugField(_("code"), max_length=50, primary_key=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    select_mode = models.CharField(_("how many"), max_length=4, choices=SelectMode.choices)
    max_choices = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    allow_other = models.BooleanField(
        _("offers Other"),
        default=False,
        help_text=_("Whoever chooses “Other” must say what in a text field."),
    )

    class Meta:
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="vocabulary_select_mode", condition=models.Q(select_mode__in=["one", "many"])
            ),
            models.CheckConstraint(
                name="vocabulary_limit_for_many",
                condition=models.Q(max_choices__isnull=True)
                | models.Q(select_mode="many", max_choices__gte=1),
            ),
        ]
        triggers = [renews_stamp()]

    def __str__(self) -> str:
        return self.name


class TermQuerySet(models.QuerySet["Term"]):
    def of(self, *vocabularies: str) -> "TermQuerySet":
        return self.filter(vocabulary__in=vocabularies)

    def active(self) -> "TermQuerySet":
        return self.filter(is_active=True)


# Compared by the database, so that bulk updates and raw SQL count as well.
_WORDING_CHANGED = " OR ".join(
    f"NEW.label_{language} IS DISTINCT FROM OLD.label_{language}" for language in LANGUAGES
)


class Term(models.Model):
    """One entry of a vocabulary.

    Submissions keep codes, and the wording that was shown with its version. So a code is for
    good: it neither changes nor goes away (the database refuses both); a term that is no longer
    offered is made inactive. `version` counts the wordings: the database raises it whenever a
    label changes in any language, a first translation included, so that code, version and
    language together name one text for ever. Other changes leave it alone.
    """

    class Origin(models.TextChoices):
        UN = "un", _("UN")
        UN_BASED = "un-based", _("UN-based")
        OWN = "own", _("Own")
        STANDARD = "standard", _("International standard")

    vocabulary = models.ForeignKey(
        Vocabulary, on_delete=models.PROTECT, related_name="terms", verbose_name=_("vocabulary")
    )
    code = models.SlugField(_("code"), max_length=50, validators=[code_validator])

    label_en = models.CharField(_("label (English)"), max_length=500)
    label_fr = models.CharField(_("label (French)"), max_length=500, blank=True)
    label_es = models.CharField(_("label (Spanish)"), max_length=500, blank=True)
    label_ar = models.CharField(_("label (Arabic)"), max_length=500, blank=True)
    label_zh = models.CharField(_("label (Chinese)"), max_length=500, blank=True)
    label_ru = models.CharField(_("label (Russian)"), max_length=500, blank=True)
    help_en = models.TextField(_("description (English)"), blank=True)
    help_fr = models.TextField(_("description (French)"), blank=True)
    help_es = models.TextField(_("description (Spanish)"), blank=True)
    help_ar = models.TextField(_("description (Arabic)"), blank=True)
    help_zh = models.TextField(_("description (Chinese)"), blank=True)
    help_ru = models.TextField(_("description (Russian)"), blank=True)

    order = models.PositiveSmallIntegerField(_("order"), default=1000)
    is_active = models.BooleanField(_("offered"), default=True)
    version = models.PositiveIntegerField(_("version of the wording"), default=1, editable=False)
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.OWN
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    data = models.JSONField(
        _("data"),
        default=dict,
        blank=True,
        help_text=_("What the portal reads besides the wording; see the other terms of the list."),
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["vocabulary", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="term_code_unique"),
            models.CheckConstraint(name="term_has_english_label", condition=~models.Q(label_en="")),
            models.CheckConstraint(
                name="term_origin",
                condition=models.Q(origin__in=["un", "un-based", "own", "standard"]),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="code_is_permanent", fields=["vocabulary", "code"]),
            pgtrigger.Protect(name="is_retired_not_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="wording_raises_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    NEW.version = OLD.version + ({_WORDING_CHANGED})::int;
                    RETURN NEW;
                """,
            ),
            renews_stamp(),
        ]

    def __str__(self) -> str:
        return self.label_en

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and learn the version that the database gave."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if not is_new:
            self.refresh_from_db(fields=["version"])

    def clean(self) -> None:
        """Refuse a changed code, and data that the portal could not read."""
        super().clean()
        stored = Term.objects.filter(pk=self.pk).first()
        if stored and (stored.vocabulary_id, stored.code) != (self.vocabulary_id, self.code):
            raise ValidationError(
                {"code": _("A code is for good. Retire the term and add another.")}
            )
        if found := problems(self.vocabulary_id, self.data, _codes_of):
            raise ValidationError({"data": found})

    @property
    def label(self) -> str:
        """The label in the active language, or in English."""
        return localized(self, "label")

    @property
    def help(self) -> str:
        """The description in the active language, or in English; may be empty."""
        return localized(self, "help")


def _codes_of(vocabulary: str) -> set[str]:
    return set(Term.objects.of(vocabulary).values_list("code", flat=True))
