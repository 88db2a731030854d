"""Who did something: the row stays when the person is erased."""

from typing import Any

from django.conf import settings
from django.db import models

from alliance.text import Text


def by_whom(verbose_name: Text) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=verbose_name,
        related_name="+",
        null=True,
        blank=True,
    )
