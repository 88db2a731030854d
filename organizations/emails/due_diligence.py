"""Mails about questions in the course of due diligence."""

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations.models import DueDiligence, DueDiligenceQuestion, Membership, User


def question_asked(question: DueDiligenceQuestion) -> None:
    _to_who_may_answer("organization_question", question)


def question_reminder(question: DueDiligenceQuestion) -> None:
    _to_who_may_answer("organization_question_reminder", question)


def _to_who_may_answer(message: str, question: DueDiligenceQuestion) -> None:
    organization = question.cycle.organization
    may_answer = Membership.objects.filter(
        organization=organization,
        role__in=(Membership.Role.OWNER, Membership.Role.EDITOR),
        user__is_active=True,
    )
    for membership in may_answer.select_related("user"):
        queue_mail(
            message,
            membership.user.email,
            {
                "person": membership.user,
                "organization": organization,
                "question": question,
                "link": settings.SITE_URL + reverse("organization"),
            },
            about=question.cycle,
        )


def question_answered(question: DueDiligenceQuestion) -> None:
    """To the reviewer who asked, unless they are gone."""
    reviewer = question.asked_by
    if reviewer is not None and reviewer.is_active:
        page = reverse("admin:organizations_duediligence_change", args=[question.cycle_id])
        queue_mail(
            "organization_answer",
            reviewer.email,
            {
                "person": reviewer,
                "organization": question.cycle.organization,
                "link": settings.SITE_URL + page,
            },
            about=question.cycle,
        )


def due_diligence_assigned(cycle: DueDiligence, *, by: User) -> None:
    """To the reviewer whose it is now."""
    person = cycle.assignee
    if person is not None:
        page = reverse("admin:organizations_duediligence_change", args=[cycle.pk])
        queue_mail(
            "due_diligence_assigned",
            person.email,
            {
                "person": person,
                "by": by,
                "organization": cycle.organization,
                "link": settings.SITE_URL + page,
            },
            about=cycle,
        )
