"""What a person may do with their own data: have it handed out, and have it erased.

It stands on the top floor, because it reaches into every table and withdraws applications.
"""

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.keeping import drop_with_files
from alliance.text import Text
from organizations.actions.joining import close_organization, decline_requests
from organizations.emails import my_data as emails_my_data
from organizations.models import Membership, Organization, User
from organizations.personal_data import person_of
from submissions import tasks
from submissions.actions.submit import withdraw
from submissions.models import DataExport, Submission
from submissions.personal_data import TABLES
from submissions.workflow import DRAFT


@transaction.atomic
def request_export(user: User, *, by: User) -> DataExport:
    """Have the file with a person's data made. A second click finds the first one's request.

    An earlier file goes: one is enough, and each is worth stealing.
    """
    User.objects.select_for_update().get(pk=user.pk)
    mine = DataExport.objects.filter(person=user)
    waiting = mine.due().first()
    if waiting is not None:
        return waiting
    drop_with_files(mine)
    export = DataExport.objects.create(person=user)
    audit.record("user.export_requested", by=by, about=user)
    transaction.on_commit(tasks.make_exports.enqueue)
    return export


def erasure_refusal(user: User) -> Text | None:
    """Why this person cannot erase the account now; None where they can."""
    if user.is_staff:
        return _(
            "You work for the secretariat: your name stands under its decisions. Ask an "
            "administrator to end that first."
        )
    roles = _roles_in_organization(user)
    mine = roles.pop(user.pk, "")
    if mine == Membership.Role.OWNER and roles and mine not in roles.values():
        return _(
            "You are the only owner of your institution here, and it has other members. Make one "
            "of them an owner first."
        )
    return None


def is_alone(user: User) -> bool:
    """Whether the person's organization has no other member, and closes with the account."""
    return list(_roles_in_organization(user)) == [user.pk]


def _roles_in_organization(user: User) -> dict[int, str]:
    """Who belongs to the person's organization, by number, themselves included."""
    members = Membership.objects.filter(organization__memberships__user=user)
    return dict(members.values_list("user", "role"))


@transaction.atomic
def erase_account(user: User, *, by: User) -> User:
    """Forget a person everywhere, at once and for good; a farewell goes to the address.

    The row stays without name or address, so that what several people did can still be told
    apart. Raises ActionRefused with the words of `erasure_refusal`.
    """
    # The organization's row is the lock: two owners who go at once leave one behind.
    list(Organization.objects.locked().filter(memberships__user=user))
    user = User.objects.select_for_update().get(pk=user.pk)
    refusal = erasure_refusal(user)
    if refusal is not None:
        raise ActionRefused(refusal)
    closing = Organization.objects.get(memberships__user=user) if is_alone(user) else None
    if closing is not None:
        _close(closing, by=user)
    email, first_name = user.email, user.first_name
    person = person_of(user)
    for table in TABLES:
        for effect in table.on_erasure:
            effect.apply(apps.get_model(table.model), person)
    if closing is not None:
        # Not before: what others have typed is repeated to them, without this person by now.
        decline_requests(closing, by=user)
    audit.record("user.erased", by=by, about=user)
    emails_my_data.account_erased(email, first_name=first_name)
    user.refresh_from_db()
    return user


def _close(organization: Organization, *, by: User) -> None:
    """Withdraw what is open or published, drop what was never sent: nobody speaks for it now."""
    # Whatever the role was: the last member speaks for it.
    Membership.objects.filter(user=by).update(role=Membership.Role.OWNER)
    mine = Submission.objects.filter(organization=organization)
    mine.filter(status=DRAFT).delete()
    for submission in [*mine.open(), *mine.live()]:
        withdraw(submission, by=by)
    close_organization(organization, by=by)
