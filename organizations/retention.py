"""What is kept about people and their organizations, why, and for how long.

Half of the privacy notice; applications stand in `submissions/retention.py`, which runs both.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from alliance.models import OutgoingMail, StagedUpload, UndeliverableAddress
from alliance.retention import DAY, YEAR, Kept, Span, readable_time_lazy
from organizations.emails.my_data import FAREWELL
from organizations.models import (
    ConnectMessage,
    Hit,
    Invitation,
    JoinRequest,
    Organization,
    ScreenedName,
    Subscription,
    User,
)
from organizations.workflow import HIT_CONFIRMED

COOKIE_AGE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
# A login is noted before its session is stored: younger notes may just be getting theirs.
_SESSION_MAY_COME = timedelta(hours=1)


def forget_unconfirmed_accounts(before: datetime) -> int:
    """Delete accounts whose address nobody confirmed, with the organizations that have no other.

    Such an account was never open, so nothing else can hang on it.
    """
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    accounts = User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        date_joined__lt=before,
        is_staff=False,
        erased_at=None,
    )
    for user in accounts.iterator():
        with transaction.atomic():
            _forget_account(user)
    return len(accounts)


def _forget_account(user: User) -> None:
    theirs = Organization.objects.filter(memberships__user=user).values("pk")
    alone = Organization.objects.filter(pk__in=theirs).annotate(people=Count("memberships"))
    Organization.objects.filter(pk__in=[row.pk for row in alone if row.people == 1]).delete()
    OutgoingMail.objects.filter(recipient=user.email).delete()
    user.delete()


def forget_sessions(before: datetime) -> int:
    """Delete sessions that have ended, and the notes on logins whose session is gone.

    A session names its own end, which a visit puts off.
    """
    now = before + COOKIE_AGE
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    notes = UserSession.objects.filter(~Exists(session), last_seen_at__lt=now - _SESSION_MAY_COME)
    forgotten, _ = notes.delete()
    return ended + forgotten


def forget_secret_texts(before: datetime) -> int:
    """Empty the copies of mails that open an account, and drop the farewell to who was erased."""
    written = OutgoingMail.objects.exclude(status=OutgoingMail.Status.QUEUED).filter(
        created_at__lt=before
    )
    farewells, _ = written.filter(message=FAREWELL).delete()
    return farewells + _empty(written.filter(is_secret=True))


def forget_texts(before: datetime) -> int:
    """Empty the copies of all mails; that they were sent stays on record."""
    return _empty(
        OutgoingMail.objects.exclude(status=OutgoingMail.Status.QUEUED).filter(
            created_at__lt=before
        )
    )


def _empty(mails: QuerySet[OutgoingMail]) -> int:
    return mails.exclude(text="", html="", headers={}).update(
        text="", html="", headers={}, last_error=""
    )


def forget_mails(before: datetime) -> int:
    return OutgoingMail.objects.filter(created_at__lt=before).delete()[0]


def forget_undeliverable_addresses(before: datetime) -> int:
    """Those from which nothing has come back since."""
    return UndeliverableAddress.objects.filter(bounced_at__lt=before).delete()[0]


def forget_invitations(before: datetime) -> int:
    """Delete those that expired before then, accepted ones too."""
    return Invitation.objects.filter(expires_at__lt=before).delete()[0]


def forget_requests(before: datetime) -> int:
    """Requests to join that were answered or taken back before that moment."""
    return JoinRequest.objects.filter(decided_at__lt=before).delete()[0]


def forget_screened_names(before: datetime) -> int:
    """Names taken off before that moment, but not those that were found on the list."""
    confirmed = Hit.objects.filter(status=HIT_CONFIRMED).values("name")
    retired = ScreenedName.objects.filter(retired_at__lt=before).exclude(pk__in=confirmed)
    return retired.delete()[0]


def forget_messages(before: datetime) -> int:
    return ConnectMessage.objects.filter(created_at__lt=before, is_concern=False).delete()[0]


def forget_concerns(before: datetime) -> int:
    return ConnectMessage.objects.filter(created_at__lt=before, is_concern=True).delete()[0]


def forget_unconfirmed_subscriptions(before: datetime) -> int:
    """The link in the mail has expired by then."""
    waiting = Subscription.objects.filter(confirmed_at=None, asked_at__lt=before)
    return waiting.delete()[0]


def forget_ended_subscriptions(before: datetime) -> int:
    """Not at once: a second click on the link to end it still finds its page."""
    return Subscription.objects.filter(ended_at__lt=before).delete()[0]


def forget_admin_log(before: datetime) -> int:
    return LogEntry.objects.filter(action_time__lt=before).delete()[0]


def forget_jobs(before: datetime) -> int:
    """Delete what is left of jobs that are done; one that failed has a report of the fault."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()[0]


KEPT = (
    Kept(
        code="account",
        title=_("Your account"),
        what=_(
            "Name, email address, a scrambled form of your password from which it "
            "cannot be read back, and your second factor, encrypted."
        ),
        why=_("So that you can log in, and we know who acts for an institution."),
        until=_("Until you erase it."),
        spans=(
            Span(
                after=7 * DAY,
                words=_("If nobody confirms the address: %(time)s."),
                forget=forget_unconfirmed_accounts,
            ),
        ),
    ),
    Kept(
        code="logins",
        title=_("Your logins"),
        what=_("When, the network address and the kind of browser."),
        why=_("So that a foreign login can be noticed and ended."),
        until=_("Until you log out."),
        spans=(
            Span(
                after=COOKIE_AGE,
                words=_("At the latest %(time)s after the last visit."),
                forget=forget_sessions,
            ),
        ),
    ),
    Kept(
        code="organization",
        title=_("Your institution"),
        what=_(
            "Its profile, its documents, its checks, and your place and function in it. A logo "
            "is made into a new picture, without what the file may have hidden, such as a place."
        ),
        why=_("So that we know who takes part and who may act for whom."),
        until=_("Your place: until you leave or erase your account."),
    ),
    Kept(
        code="screening",
        title=_("Names compared with the sanctions list"),
        what=_(
            "Those of your institution, its heads, owners and board, who registered it and the contacts of its "
            "applications; each comparison, and what came of it."
        ),
        why=_("Because the United Nations may not work with anybody on that list."),
        until=_("As long as the institution takes part."),
        spans=(
            Span(
                after=5 * YEAR,
                words=_("Names that are no longer current: %(time)s."),
                forget=forget_screened_names,
            ),
        ),
    ),
    Kept(
        code="invitation",
        title=_("Invitations and requests to join"),
        what=_("The address that is invited; who asks, and what they write."),
        why=_("So that its owners know who comes in, and why."),
        spans=(
            Span(
                after=30 * DAY,
                words=_("Invitations, once they have expired: %(time)s."),
                forget=forget_invitations,
            ),
            Span(after=YEAR, words=_("Requests, once answered: %(time)s."), forget=forget_requests),
        ),
    ),
    Kept(
        code="connect",
        title=_("Messages from the Connect form"),
        what=_("What you have written, our answers, and the page from which you came."),
        why=_("So that we can answer, and follow up a reported concern."),
        spans=(
            Span(after=2 * YEAR, words=_("%(time)s."), forget=forget_messages),
            Span(
                after=5 * YEAR, words=_("Reports of a concern: %(time)s."), forget=forget_concerns
            ),
        ),
    ),
    Kept(
        code="subscription",
        title=_("A subscription"),
        what=_("Your email address, and the themes and regions that you chose."),
        why=_("So that news reach you."),
        until=_("Until you end it."),
        spans=(
            Span(
                after=30 * DAY,
                words=_("After its end: %(time)s."),
                forget=forget_ended_subscriptions,
            ),
            Span(
                after=7 * DAY,
                words=_("If nobody confirms the address: %(time)s."),
                forget=forget_unconfirmed_subscriptions,
            ),
        ),
    ),
    Kept(
        code="mail",
        title=_("Mails"),
        what=_("A copy of each one that the portal has sent to you."),
        why=_("So that we know what you were told, and whether it reached you."),
        spans=(
            Span(
                after=DAY,
                words=_("The text of mails with a code or a link that opens something: %(time)s."),
                forget=forget_secret_texts,
            ),
            Span(after=90 * DAY, words=_("Other texts: %(time)s."), forget=forget_texts),
            Span(after=YEAR, words=_("Subject and time: %(time)s."), forget=forget_mails),
            Span(
                after=90 * DAY,
                words=_("That mail to your address came back: %(time)s."),
                forget=forget_undeliverable_addresses,
            ),
        ),
    ),
    Kept(
        code="upload",
        title=_("Files on their way"),
        what=_("A file that you have chosen, while its form is not complete."),
        why=_("So that you need not send it again."),
        until=format_lazy(
            _("Until the form is sent, {time} at most."),
            time=readable_time_lazy(StagedUpload.KEPT_FOR),
        ),
    ),
    Kept(
        code="trail",
        title=_("A trail of events"),
        what=_("Which account did what, and when. It holds numbers, no names and no texts."),
        why=_("So that every decision can be traced."),
        until=_("For good; once an account is erased, its number leads to nobody."),
    ),
    Kept(
        code="admin",
        title=_("Changes by staff"),
        what=_("What was changed in the secretariat’s pages, with its name, and by whom."),
        why=_("So that a mistake can be found and mended."),
        spans=(Span(after=2 * YEAR, words=_("%(time)s."), forget=forget_admin_log),),
    ),
    Kept(
        code="technical",
        title=_("Technical records"),
        what=_("Jobs that the portal did, and the faults in them."),
        why=_("So that faults can be found."),
        spans=(Span(after=14 * DAY, words=_("%(time)s."), forget=forget_jobs),),
    ),
)
