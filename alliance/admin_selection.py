"""Lists of the admin whose rows are chosen and acted on together."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse


class SoundSelection(admin.ModelAdmin[Any]):
    """Django looks for whatever the boxes are said to hold, and fails over what is no key."""

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """As Django's. Raises BadRequest where a chosen row has a key that no row can have."""
        try:
            for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(value)
        except ValidationError as error:
            raise BadRequest("A chosen row has a key that no row can have.") from error
        return super().response_action(request, queryset, *args, **kwargs)
