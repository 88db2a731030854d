"""What the forms read: one copy in each process, never an outdated one."""

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoAssertNumQueries, Settings

from alliance import vocabularies
from alliance.exclusions import exclusions
from alliance.models.vocabulary import ReferenceStamp, Term
from alliance.reference_data import load_reference_data


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


def test_terms_come_in_order_without_the_retired() -> None:
    Term.objects.filter(vocabulary="timeframe", code="long").update(is_active=False)
    Term.objects.filter(vocabulary="timeframe", code="flexible").update(order=1)
    assert [row.code for row in vocabularies.terms("timeframe")] == [
        "flexible",
        "immediate",
        "short",
        "medium",
        "multi-year",
        "ongoing",
    ]


def test_several_lists_cost_one_query_and_nothing_more_in_the_same_request(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        vocabularies.load("theme", "modality", "sdg")
        vocabularies.country_choices()
        vocabularies.declaration_statements("academia")
        return HttpResponse(exclusions()[0].term.label)

    vocabularies.current()
    with django_assert_num_queries(1):
        vocabularies.once_per_request(view)(HttpRequest())


def test_a_change_by_another_process_is_seen_with_the_next_read() -> None:
    assert vocabularies.label("theme", "health") == "Health and well-being"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE alliance_term SET label_en = 'Health' WHERE code = 'health'")
    assert vocabularies.label("theme", "health") == "Health"


def test_a_copy_made_in_a_transaction_that_was_rolled_back_is_not_used() -> None:
    with transaction.atomic():
        Term.objects.filter(code="health").update(label_en="Never said")
        assert vocabularies.label("theme", "health") == "Never said"
        transaction.set_rollback(True)
    assert vocabularies.label("theme", "health") == "Health and well-being"


def test_without_a_stamp_nothing_is_served_from_memory() -> None:
    ReferenceStamp.objects.all().delete()
    assert vocabularies.label("theme", "health") == "Health and well-being"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE alliance_term SET label_en = 'Health' WHERE code = 'health'")
    ReferenceStamp.objects.all().delete()
    assert vocabularies.label("theme", "health") == "Health"


def test_a_list_that_is_not_loaded_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(LookupError, match=r"No vocabulary 'themes': run `manage\.py load_ref"):
        vocabularies.load("themes")


def test_an_unknown_code_is_its_own_label() -> None:
    assert vocabularies.label("theme", "alchemy") == "alchemy"


def test_the_notice_about_proposals_stands_in_local_mode_only(settings: Settings) -> None:
    settings.LOCAL_MODE = True
    assert vocabularies.proposal_notice().startswith("The legal wording and the lists")
    settings.LOCAL_MODE = False
    assert vocabularies.proposal_notice() == ""
