"""The secretariat's pages for vocabularies, their terms, and countries."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.audit import record
from alliance.models.country import Country, CountryGroupMembership
from alliance.models.localized import LANGUAGES
from alliance.models.vocabulary import Term, Vocabulary
from alliance.vocabularies import choices


class NeitherAddedNorDeleted(admin.ModelAdmin):
    """For rows that come with the portal: code and forms count on them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class VocabularyAdmin(NeitherAddedNorDeleted):
    """A list's name and description; its rules stand in the forms, word for word."""

    list_display = ("name", "code", "select_mode", "max_choices", "allow_other")
    fields = ("code", "name", "description", "select_mode", "max_choices", "allow_other")
    readonly_fields = ("code", "select_mode", "max_choices", "allow_other")
    search_fields = ("name", "code")


class TermAdmin(admin.ModelAdmin):
    """Terms are added, reworded, put in order and retired; never deleted."""

    list_display = ("label_en", "code", "vocabulary", "order", "is_active", "version")
    list_editable = ("order", "is_active")
    list_filter = ("vocabulary", "is_active", "origin")
    list_select_related = ("vocabulary",)
    list_per_page = 50
    search_fields = ("code", *(f"label_{language}" for language in LANGUAGES))
    fieldsets = (
        (None, {"fields": ("vocabulary", "code", "order", "is_active", "version")}),
        (
            _("Wording"),
            {
                "fields": tuple(f"label_{language}" for language in LANGUAGES),
                "description": _(
                    "A new wording is a new version. Submissions keep the wording that was shown "
                    "to the person who sent them. Where a translation is empty, the English "
                    "wording is shown."
                ),
            },
        ),
        (_("Description"), {"fields": tuple(f"help_{language}" for language in LANGUAGES)}),
        (_("Source and data"), {"fields": ("origin", "source_url", "data")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> tuple[str, ...]:
        return ("version",) if obj is None else ("vocabulary", "code", "version")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Term, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        record(
            "term.changed" if change else "term.added",
            by=cast(AbstractBaseUser, request.user),
            about=obj,
            version=obj.version,
            fields=form.changed_data,
        )

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name.startswith("help_"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 80})
        elif db_field.name.startswith("label_"):
            # Declaration statements are sentences: they need more than one line to be read.
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 80, "maxlength": 500})
        elif db_field.name == "source_url":
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.list_editable:
            # In the list no label stands beside them.
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field


class CountryGroupMembershipInline(admin.TabularInline):
    model = CountryGroupMembership
    fields = ("group", "valid_from", "valid_to")
    extra = 0


class CountryAdmin(NeitherAddedNorDeleted):
    """Names, region, whether a country is offered, and its groups with their dates."""

    list_display = ("name_en", "iso2", "region", "is_offered")
    list_filter = ("is_offered", "region", "group_memberships__group")
    list_per_page = 50
    search_fields = ("iso2", "iso3", *(f"name_{language}" for language in LANGUAGES))
    readonly_fields = ("iso2", "iso3", "m49")
    inlines = (CountryGroupMembershipInline,)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "region":
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices("region"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def register(site: admin.AdminSite) -> None:
    site.register(Vocabulary, VocabularyAdmin)
    site.register(Term, TermAdmin)
    site.register(Country, CountryAdmin)
