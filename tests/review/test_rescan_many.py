"""One word in many pages is handled at once and stays findable; a dictionary that changes is followed."""

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.dictionaries.actions import add_word, retire_word
from govplatform.dictionaries.models import Word
from govplatform.refusals import Refused
from govplatform.review.models import RescanFinding, RescanRun
from govplatform.review.rescans.actions import handle_rescan_findings, judge_rescan_finding
from govplatform.tenancy.jobs import run_in_schema
from tests.factories import user

from .rescan_content import WORD, forbid, old_page, rescan

LIST = "/admin/review/rescans/"


@pytest.fixture
def two(alpha):
    """Two pages with one word that was forbidden later."""
    pages = [old_page(title="第一份说明"), old_page(title="第二份说明")]
    forbid()
    rescan(alpha)
    return pages


def run_rescans():
    """Run what is queued of rescans, as the worker does, until nothing is left."""
    ours = ("govplatform.consequences", "govplatform.review.rescans")
    todo = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    while jobs := [job for job in todo.all() if job.args["task_path"].startswith(ours)]:
        for job in jobs:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            run_in_schema(**job.args)


def test_many_are_handled_with_one_reason_and_stay_findable(alpha, two, console):
    secret = console("alpha_secret", "alpha")
    html = secret.get(LIST, {"words": WORD}).content.decode()
    assert "第一份说明" in html and "第二份说明" in html and "一并处理勾选的发现" in html
    assert "没有符合条件的发现" in secret.get(LIST, {"words": "别的词%"}).content.decode()
    with tenant_context(alpha):
        numbers = list(RescanFinding.objects.values_list("pk", flat=True))
    refused = secret.post(LIST, {"handle": "false_alarm", "item": numbers, "words": " "}).content.decode()
    with tenant_context(alpha):
        assert "请写明为什么是误报" in refused and RescanFinding.objects.filter(outcome="").count() == 2
    done = secret.post(LIST, {"handle": "false_alarm", "item": numbers, "words": "公开的计划名称。"}, follow=True)
    assert "已处理 2 处" in done.content.decode()
    with tenant_context(alpha):
        assert not RescanFinding.objects.filter(outcome="").exists()
    handled = secret.get(LIST, {"show": "done", "words": WORD}).content.decode()
    assert handled.count("公开的计划名称。") == 2 and "误报" in handled and user("alpha_secret").full_name in handled
    item = secret.get("/admin/review/rescans/one/", {"number": numbers[0]}).content.decode()
    assert "公开的计划名称。" in item


def test_others_are_refused_and_nothing_is_done(alpha, two):
    numbers = list(RescanFinding.objects.values_list("pk", flat=True))
    handled = handle_rescan_findings(numbers, acting_user=user("alpha_content"), act="false_alarm", words="x")
    assert handled.done == 0 and "不是本站的保密审查人" in handled.reasons[0]
    with pytest.raises(Refused, match="请勾选"):
        handle_rescan_findings([], acting_user=user("alpha_secret"), act="false_alarm", words="x")
    with pytest.raises(Refused, match="为什么是误报"):
        judge_rescan_finding(RescanFinding.objects.first(), acting_user=user("alpha_secret"), verdict="false_alarm")


def test_a_retired_word_closes_its_findings_and_a_new_one_is_looked_for(alpha, two):
    run_rescans()
    with tenant_context(alpha):
        retire_word(Word.objects.get(word=WORD), reason="已公开。", acting_user=None)
    run_rescans()
    with tenant_context(alpha):
        assert {item.outcome for item in RescanFinding.objects.all()} == {"lapsed"}
        before = RescanRun.objects.count()
        add_word(alpha, acting_user=None, word="第一份", kind="wrong", severity="warn")
    run_rescans()
    with tenant_context(alpha):
        assert RescanRun.objects.count() == before + 1 and RescanRun.objects.first().requested_by is None
        assert RescanFinding.objects.filter(outcome="").values_list("page__title", flat=True)[0] == "第一份说明"
