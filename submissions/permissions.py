"""Who may do what with a submission: small predicates, each written once."""

from django.contrib.auth.models import AnonymousUser

from alliance.workflow import Actor, Arrow
from organizations.models import Organization, User
from organizations.permissions import (
    can_edit_profile,
    can_review_organization,
    is_administrator,
    is_reviewer,
    is_senior_reviewer,
)
from submissions.models import Submission
from submissions.workflow import CLARIFICATION_REQUESTED, DECIDING_ARROWS, PUBLICATION_ARROWS


def can_apply(user: User, organization: Organization) -> bool:
    """Whoever edits the profile writes and sends too; readers read."""
    return can_edit_profile(user, organization)


def can_review(user: User, submission: Submission) -> bool:
    """Reviewers work on every submission of the organizations that they may review."""
    return can_review_organization(user, submission.organization)


def can_read_statistics(user: User) -> bool:
    """Sums over all cases, which name nobody: reviewers and administrators."""
    return is_reviewer(user) or is_administrator(user)


def can_decide(user: User, submission: Submission) -> bool:
    return is_senior_reviewer(user) and can_review(user, submission)


def can_assign(user: User, submission: Submission) -> bool:
    """Say whose case it is: reviewers of what is nobody's or theirs, seniors of everything."""
    is_free = submission.assignee_id in {None, user.pk}
    return (
        submission.is_worked_on
        and (is_free or is_senior_reviewer(user))
        and can_review(user, submission)
    )


def can_edit_rules(user: User) -> bool:
    """Rules of assignment are for those who see to the work of others."""
    return is_senior_reviewer(user) or is_administrator(user)


def can_edit_letters(user: User | AnonymousUser) -> bool:
    """The wording of the usual letters is a matter of seniors and administrators."""
    return is_senior_reviewer(user) or is_administrator(user)


def capacities(user: User, submission: Submission) -> set[Actor]:
    """In which capacities this person may walk the submission's arrows."""
    found = set()
    if can_apply(user, submission.organization):
        found.add(Actor.APPLICANT)
    if can_review(user, submission):
        found.add(Actor.REVIEWER)
    if can_decide(user, submission):
        found.add(Actor.SENIOR)
    return found


def review_arrows(user: User, submission: Submission) -> list[Arrow]:
    """The steps of the review that this person may take now; decisions stand apart."""
    actors = capacities(user, submission) - {Actor.APPLICANT}
    return [
        arrow
        for arrow in submission.workflow.leaving(submission.status, actors)
        if arrow.name not in DECIDING_ARROWS
    ]


def publication_arrows(user: User, submission: Submission) -> list[Arrow]:
    """What a member may do with their organization's published Demand or Offer now.

    In the order in which pages offer it.
    """
    if not can_apply(user, submission.organization):
        return []
    found = [submission.workflow.find(name, submission.status) for name in PUBLICATION_ARROWS]
    return [
        arrow
        for arrow in found
        if arrow is not None
        and not (arrow.name == "resume" and submission.is_paused_by_secretariat)
        and not (arrow.name == "renew" and submission.is_published and not submission.is_ending)
    ]


def can_change(user: User, submission: Submission) -> bool:
    """Write a newer version of what is published; it is shown once the secretariat accepts it."""
    return submission.is_live and can_apply(user, submission.organization)


def can_write(user: User, submission: Submission) -> bool:
    """Work on a draft, or on the next version of what is published."""
    if submission.is_draft:
        return can_apply(user, submission.organization)
    return can_change(user, submission)


def can_attach(user: User, submission: Submission) -> bool:
    """Add and remove documents: whoever writes, and whoever answers a question about them."""
    return can_write(user, submission) or (
        can_answer(user, submission)
        and submission.clarifications.open().filter(items__field="attachments").exists()
    )


def can_copy(user: User, submission: Submission) -> bool:
    """Begin a new draft with its answers; an Expression of Interest once it is closed.

    An organization has one open Expression of Interest at most.
    """
    is_free = not (submission.is_application and submission.state.is_open)
    return is_free and not submission.is_draft and can_apply(user, submission.organization)


def can_withdraw(user: User, submission: Submission) -> bool:
    return (
        can_apply(user, submission.organization)
        and submission.workflow.find("withdraw", submission.status) is not None
    )


def can_ask(user: User, submission: Submission) -> bool:
    """Reviewers ask for clarification while a review goes on."""
    return (
        can_review(user, submission)
        and submission.workflow.find("request_clarification", submission.status) is not None
    )


def can_answer(user: User, submission: Submission) -> bool:
    """Owners and editors answer the secretariat's questions while these are open."""
    return can_apply(user, submission.organization) and submission.status == CLARIFICATION_REQUESTED
