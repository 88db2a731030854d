"""Columns that exist once per language, as in label_en, label_fr, label_es …"""

from django.db import models
from django.utils.translation import get_language

LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")
FALLBACK = "en"


def column_language(language: str | None = None) -> str:
    """The suffix of the columns for a Django language code, by default the active one.

    `zh-hans` reads the column zh; a language without columns reads the English ones.
    """
    suffix = (language or get_language() or FALLBACK).split("-")[0].lower()
    return suffix if suffix in LANGUAGES else FALLBACK


def localized(row: models.Model, stem: str, language: str | None = None) -> str:
    """The row's text in that language; in English where the translation is blank."""
    text: str = getattr(row, f"{stem}_{shown_language(row, stem, language)}")
    return text


def shown_language(row: models.Model, stem: str, language: str | None = None) -> str:
    """The language that `localized` falls back to, or the one asked for."""
    suffix = column_language(language)
    return suffix if getattr(row, f"{stem}_{suffix}") else FALLBACK
