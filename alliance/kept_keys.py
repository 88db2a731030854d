"""Foreign keys to terms and countries that are followed without asking the database for the row.

Each process keeps all reference data already (see `vocabularies`). To join two wide tables for a
row that is at hand anyway took half of what it costs to find out whom somebody writes for.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from alliance import vocabularies
from alliance.models import Country


class _FromMemory(ForwardManyToOneDescriptor):
    """Asks the database only for what is not kept, as for a term of another transaction."""

    def get_object(self, instance: models.Model) -> models.Model:
        kept = self._kept(getattr(instance, self.field.attname))
        return super().get_object(instance) if kept is None else kept

    def _kept(self, key: Any) -> models.Model | None:
        if self.field.remote_field.model is Country:
            return vocabularies.country(key)
        return vocabularies.term_of_id(key)


class KeptKey(models.ForeignKey[Any, Any]):
    """To Term or Country. The row is shared between threads: read it, do not change it."""

    forward_related_accessor_class = _FromMemory

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To the database it is a foreign key as any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
