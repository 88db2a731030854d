"""What a person of the secretariat keeps of the queue for themselves; no case changes by it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions.models import SavedView


@transaction.atomic
def save_view(*, name: str, query: str, by: User) -> SavedView:
    """Keep a state of the queue. Refuses a second one of that name, and more than `MOST`."""
    _hold(by)
    if SavedView.objects.filter(person=by).count() >= SavedView.MOST:
        raise ActionRefused(
            _("You have %(number)d saved views. Delete one before you save another.")
            % {"number": SavedView.MOST}
        )
    _check_is_free(name, by)
    return SavedView.objects.create(person=by, name=name, query=query)


@transaction.atomic
def rename_view(view: SavedView, *, name: str, by: User) -> SavedView:
    _hold(by)
    if name != view.name:
        _check_is_free(name, by)
        view.name = name
        view.save(update_fields=["name"])
    return view


def delete_view(view: SavedView) -> None:
    view.delete()


def _hold(person: User) -> None:
    """One after the other: two tabs that save at once do not get past a check together."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _check_is_free(name: str, person: User) -> None:
    if SavedView.objects.filter(person=person, name=name).exists():
        raise ActionRefused(_("You have a view of this name already. Choose another name."))
