"""Jobs may come in any order, twice, late or not at all before the night: what is true stands at the end.

One order is tried here, three more by ``-m soak``.
"""

import random
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from content_library.models import Resource
from govplatform.consequences.models import Consequence
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.queries import get_tenant
from search.checking import check_search
from search.indexing.actions import index_resources
from search.models import SearchDocument
from tests import factories
from tests.reposts.conftest import corrected_at, live_at

from .conftest import assert_in_line, titles

WORDS = ("秋季防火", "冬季防寒", "春季防汛", "夏季防暑")


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (2, 3, 4))])
def test_shuffled_repeated_and_lost_jobs_leave_what_is_true(seed: int):
    check_search(repair=True)
    chance = random.Random(seed)
    pages: list[Any] = [live_at("alpha", title=f"关于{WORDS[0]}的通知之{number}")[0] for number in range(3)]
    versions: dict[str, int] = {}
    for _turn in range(8):
        _act(chance, pages)
        if chance.random() < 0.6:
            _run_shuffled(chance)
        for key, version in SearchDocument.objects.values_list("key", "version"):
            assert version >= versions.get(key, 0), "a version went back"
            versions[key] = version
    _run_shuffled(chance, all_of_them=True)
    # A job that was lost altogether is what the night finds; the others have done their part.
    check_search(repair=True)
    assert_in_line()
    shown = Resource.objects.exclude(status=Resource.Status.WITHDRAWN).values_list("title", flat=True)
    assert sorted(title for word in WORDS for title in titles(word)) == sorted(shown)
    assert not index_resources(Resource.objects.values_list("pk", flat=True))


def _act(chance: random.Random, pages: list[Any]) -> None:
    page = chance.choice(pages)
    with tenant_context(get_tenant("alpha")):
        stored = type(page).objects.get(pk=page.pk)
        if stored.live and chance.random() < 0.4:
            withdraw_page(stored, acting_user=factories.user("alpha_content"), reason="测试撤回")
            return
    corrected_at("alpha", page, title=f"关于{chance.choice(WORDS)}的通知之{chance.randrange(1_000)}")


def _run_shuffled(chance: random.Random, *, all_of_them: bool = False) -> None:
    """Run what waits in any order, some of it twice; some is lost, or waits for the next time."""
    while jobs := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        chance.shuffle(jobs)
        for job in jobs:
            if not all_of_them and chance.random() < 0.2:
                continue
            with connection.cursor() as cursor:
                cursor.execute("UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            if job.args["task_path"].startswith(("govplatform.consequences", "content_library.distribution", "search")):
                if not all_of_them and chance.random() < 0.1:
                    continue
                for _time in range(chance.choice((1, 1, 2))):
                    run_in_schema(**job.args)
        if not all_of_them:
            return
    assert not Consequence.objects.filter(state=Consequence.State.FAILED).exists()
