"""索引号: a hundred publications at once draw a hundred numbers without a gap; what rolls back leaves none."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.models import Resource
from content_library.resources.numbering import DEFAULT_PATTERN, draw_index_number, set_pattern, validate_pattern
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.pages.content_page import highest_serial_in_use
from tests import factories


def serials(numbers):
    return sorted(int(number.rsplit("-", 1)[1]) for number in numbers)


def test_a_hundred_at_once_a_third_of_them_in_vain(own_database):
    tenant = get_tenant("alpha")
    gate = threading.Barrier(20)

    def draw(turn):
        if turn < 20:
            gate.wait(timeout=60)
        try:
            with tenant_context(tenant), transaction.atomic():
                number = draw_index_number(tenant, date(2026, 5, 1))
                if turn % 3 == 0:
                    raise InterruptedError
                return number
        except InterruptedError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        drawn = [number for number in pool.map(draw, range(150)) if number]
    assert len(drawn) == 100
    assert serials(drawn) == list(range(1, 101))


def test_parallel_publications_draw_distinct_numbers(own_database):
    tenant = get_tenant("alpha")
    with tenant_context(tenant):
        pages = [factories.draft_article() for _turn in range(12)]
        for page in pages:
            factories.submit(page)
            factories.approve(page, "alpha_content")

    def publish(page):
        try:
            with tenant_context(tenant):
                factories.approve(page, "alpha_secret")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(publish, pages))
    with tenant_context(tenant):
        assert serials(Article.objects.values_list("index_number", flat=True)) == list(range(1, 13))
    assert serials(Resource.objects.values_list("number", flat=True)) == list(range(1, 13))


@pytest.mark.django_db
def test_a_series_begins_after_the_numbers_of_the_first_release(alpha):
    page = factories.draft_article()
    year = timezone.localdate().year
    Article.objects.filter(pk=page.pk).update(index_number=f"5301000001/{year}-000041")
    other = factories.live_article()
    assert other.index_number == f"5301000001/{year}-000042"
    assert highest_serial_in_use(f"5301000001/{year}-") == 42


@pytest.mark.django_db
def test_a_site_may_have_a_pattern_of_its_own(alpha):
    set_pattern(alpha, "{identity_code}/ZB01-{year}-{serial:04d}", acting_user=None)
    page = factories.live_article()
    assert page.index_number == f"5301000001/ZB01-{timezone.localdate().year}-0001"


@pytest.mark.unit
@pytest.mark.parametrize(
    "pattern",
    [
        "", "{year}-{serial}", "{identity_code}-{serial}", "{identity_code}/{year}", "{identity_code}/{year}-{serial}x",
        "{identity_code}/{year}-{serial}{serial}", "{identity_code.__class__}/{year}-{serial}",
        "{identity_code}/{year}-{0}", "{identity_code!r}/{year}-{serial}", "{identity_code}/{year}-{serial:>99}",
        "{identity_code}<b>{year}-{serial}", "{identity_code}" + "长" * 40 + "{year}-{serial}",
        "{identity_code}/{year}-{serial", "{{identity_code}}{year}{serial}",
    ],
)  # fmt: skip
def test_patterns_that_could_repeat_or_run_are_refused(pattern):
    with pytest.raises(ValidationError):
        validate_pattern(pattern)


@pytest.mark.unit
@pytest.mark.parametrize(
    "words",
    ["机密", "电话0871-6543210", "13800138000", "1380-0138-000", "AB/CD", "ABCDEFGHIJ", "a b", "云政", "①", "A\u200b"],
)
def test_a_pattern_carries_no_words(words):
    with pytest.raises(ValidationError, match="机构代码"):
        validate_pattern(f"{{identity_code}}-{words}-{{year}}-{{serial}}")


@pytest.mark.unit
@pytest.mark.parametrize(
    "pattern", [DEFAULT_PATTERN, "{identity_code}〔{year}〕第{serial:04d}", "GA03/{identity_code}{year}年{serial}"]
)
def test_separators_and_one_code_are_enough(pattern):
    validate_pattern(pattern)


def test_outside_a_transaction_nothing_is_drawn(own_database):
    tenant = get_tenant("alpha")
    with tenant_context(tenant), pytest.raises(RuntimeError):
        draw_index_number(tenant, date(2026, 1, 1))
