"""The wording of the usual letters: a new version, or an earlier one brought back."""

from django.db import transaction
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions import permissions
from submissions.letters import LETTERS, faults
from submissions.models import LetterTemplate, LetterVersion


@transaction.atomic
def write_letter_version(
    template: LetterTemplate, *, by: User, text: str, based_on: int
) -> LetterVersion:
    """Make this text what the letter says from now on; decisions keep the letters they have.

    `based_on` is the number of the version that was on the page. Raises ActionRefused where
    somebody wrote a newer one meanwhile, nothing differs, or a place cannot be filled in.
    """
    newest = _newest(template, by=by, based_on=based_on)
    if text == newest.text:
        raise ActionRefused(_("Nothing differs from the present version."))
    version = _add(newest, by=by, text=text)
    audit.record("letter.written", by=by, about=template, internal=True, version=version.number)
    return version


@transaction.atomic
def bring_back_letter_version(
    template: LetterTemplate, *, by: User, number: int, based_on: int
) -> LetterVersion:
    """Make what an earlier version said the newest version, and keep those between."""
    newest = _newest(template, by=by, based_on=based_on)
    earlier = template.versions.filter(number=number).first()
    if earlier is None or earlier.text == newest.text:
        raise ActionRefused(_("This version says what the letter says now."))
    version = _add(newest, by=by, text=earlier.text)
    audit.record(
        "letter.brought_back",
        by=by,
        about=template,
        internal=True,
        version=version.number,
        earlier=earlier.number,
    )
    return version


def _newest(template: LetterTemplate, *, by: User, based_on: int) -> LetterVersion:
    """The version that counts, under the lock of its letter, if it is the one that `by` saw."""
    if not permissions.can_edit_letters(by):
        raise ActionRefused(_("Only senior reviewers and administrators edit letters."))
    LetterTemplate.objects.select_for_update().get(pk=template.pk)
    newest = template.versions.select_related("template", "made_by").latest("number")
    if newest.number != based_on:
        raise ActionRefused(
            _(
                "%(person)s saved version %(number)d meanwhile. Nothing of yours is lost: compare "
                "the two below, then save again."
            )
            % {"person": newest.made_by or _("Somebody"), "number": newest.number}
        )
    return newest


def _add(newest: LetterVersion, *, by: User, text: str) -> LetterVersion:
    wrong = faults(text, LETTERS[newest.template.code])
    if wrong:
        raise ActionRefused(" ".join(wrong))
    return LetterVersion.objects.create(
        template=newest.template, number=newest.number + 1, text=text, made_by=by
    )
