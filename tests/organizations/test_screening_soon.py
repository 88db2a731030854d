"""Who is named is compared with the list at once, not when the sweep comes round."""

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from organizations.actions.screening import Named, describe_name, note_people
from organizations.models import Organization, ScreenedName, User
from organizations.tasks import screen_names
from tests.organizations.screening import take

pytestmark = pytest.mark.django_db
JOB = "organizations.tasks.screen_names"


@pytest.fixture
def lead(organization: Organization) -> ScreenedName:
    [row] = note_people(
        organization,
        [Named(name="Thandiwe Mbewe", role="lead", email="t.mbewe@example.org")],
        source=ScreenedName.Source.APPLICATION,
    )
    return row


def test_who_is_named_is_screened_at_once(
    organization: Organization,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    take()
    with django_capture_on_commit_callbacks(execute=True):
        [row] = note_people(
            organization,
            [Named(name="Thandiwe Mbewe", role="lead")],
            source=ScreenedName.Source.APPLICATION,
        )
    assert [job.task_path for job in DBTaskResult.objects.all()] == [JOB]
    screen_names.call()
    row.refresh_from_db()
    assert row.run is not None


def test_who_is_described_is_screened_at_once(
    lead: ScreenedName,
    reviewer: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        describe_name(lead, by=reviewer, birth_year=1980, country=None)
    assert [job.task_path for job in DBTaskResult.objects.all()] == [JOB]
