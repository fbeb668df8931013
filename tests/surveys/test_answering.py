"""From a page to an answer: the form as a hostile door, and one answer for each person."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from html import unescape
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.cases.codes import new_nonce
from govplatform.cases.contact import decrypt
from govplatform.refusals import Refused
from govplatform.rendering.reads import ReadOf, recording
from govplatform.review.queries import site_path
from govplatform.tenancy.queries import get_tenant
from sites.columns.models import Column, ColumnType
from sites.surveys.given import Given
from sites.surveys.intake import forget_senders, submit_answer
from sites.surveys.models import Answer, SaidText, Survey, SurveySalt, SurveySender
from tests.cases.conftest import as_form, form_by_hand, form_of
from tests.lifecycle.merge.frozen import freeze

from .conftest import GIVEN, QUESTIONS, address, draft_survey, live_survey, send

CODES = [0, 10002, 20000, 20001, 20003, 30004, 40000, 40101, 40203, 50000]


@pytest.fixture
def survey(alpha: Any) -> Survey:
    return live_survey()


@pytest.fixture
def reader(citizen: Any) -> Any:
    return citizen("alpha")


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_a_page_leads_to_its_form_and_an_answer_is_kept(survey, reader):
    page = text_of(reader.get(site_path(survey)))
    assert f'href="{address(survey)}"' in page and "正在进行" in page and "你想增加什么？" in page
    form = text_of(reader.get(address(survey)))
    for words in ("（最多选 2 项）", "1 分：很不满意", "借阅", "最多 50 个字。", "验算题："):
        assert words in form
    answered = send(reader, survey, name="顾客", phone="0000-0000123")
    assert answered.status_code == 200 and "已收到" in text_of(answered)
    answer = Answer.objects.get()
    assert answer.chosen == CODES and answer.questions == survey.questions_digest
    assert decrypt(answer.contact, str(answer.key)).name == "顾客"
    assert SaidText.objects.get().text == GIVEN["q5"]
    assert "set-cookie" not in {name.lower() for name in answered.headers}


def test_it_is_answered_without_script(survey, reader):
    wrong = send(reader, survey, form={**form_by_hand(reader.get(address(survey))), "sum": "1"})
    assert wrong.status_code == 422 and 'id="fault-sum">验算题' in wrong.content.decode()
    assert GIVEN["q5"] in text_of(wrong)
    done = send(reader, survey, form=form_by_hand(wrong))
    assert done.status_code == 200 and "已收到" in text_of(done)
    assert Answer.objects.get().chosen == CODES


def test_every_fault_is_named_and_nothing_typed_is_lost(survey, reader, subtests):
    for fields, words in (
        ({"q1": ""}, "第 1 题：这一题必答，请选择。"),
        ({"q1": ["1", "2"]}, "第 1 题：只能选一项。"),
        ({"q1": "4"}, "第 1 题：没有这个选项"),
        ({"q1": "0"}, "第 1 题：没有这个选项"),
        ({"q1": "-1"}, "第 1 题：没有这个选项"),
        ({"q1": "１"}, "第 1 题：没有这个选项"),
        ({"q2": ["1", "2", "3"]}, "第 2 题：最多选 2 项，现在选了 3 项。"),
        ({"q4_1": "9"}, "第 4 题：没有这个选项"),
        ({"q4_2": ["1", "2"]}, "第 4 题：“咨询”只能选一项。"),
        ({"q5": "字" * 51}, "第 5 题：最多 50 个字，现在有 51 个字。"),
        ({"email": "nobody"}, "name@example.com"),
    ):
        with subtests.test(words, fields=str(fields)):
            refused = send(reader, survey, **{"name": "<b>顾客</b>", **fields})
            html = text_of(refused)
            assert refused.status_code == 422 and words in html
            assert 'value="&lt;b&gt;顾客' in refused.content.decode()
            assert fields.get("q5", GIVEN["q5"]) in html
            assert re.search(r'name="q3" value="4" checked', html)
    assert not Answer.objects.exists()
    # What comes back can be sent.
    assert send(reader, survey, form=form_of(refused), email="").status_code == 200


def test_a_matrix_that_must_be_answered_names_the_rows_that_are_missing(alpha, reader):
    survey = live_survey(questions=[{"type": "matrix", "value": {**QUESTIONS[3]["value"], "required": True}}])
    path = address(survey)

    def answer(**fields):
        form = form_of(reader.get(path))
        return reader.post(path, **as_form({**form, **{k.replace("_", "-"): v for k, v in fields.items()}}))

    assert "每一行都要选，还没有选：借阅、咨询。" in text_of(answer())
    assert "还没有选：咨询。" in text_of(answer(q1_1="1"))
    # A row that there is none of says nothing.
    assert "还没有选：咨询。" in text_of(answer(q1_1="1", q1_3="1"))
    assert answer(q1_1="1", q1_2="3").status_code == 200
    assert Answer.objects.get().chosen == [0, 10000, 10101, 10203]


def test_nothing_filled_in_is_no_answer(alpha, reader):
    questions = [{"type": one["type"], "value": {**one["value"], "required": False}} for one in QUESTIONS]
    survey = live_survey(questions=questions)
    refused = send(reader, survey, **{name.replace("-", "_"): "" for name in GIVEN})
    assert refused.status_code == 422 and "什么都没有填写" in text_of(refused)


def test_a_form_counts_once_however_often_it_is_sent(survey, reader):
    form = form_of(reader.get(address(survey)))
    assert [send(reader, survey, form=form).status_code for _ in range(3)] == [200, 200, 200]
    other = send(reader, survey, form=form, q1="1")
    assert other.status_code == 409 and "已经提交过" in text_of(other)
    assert Answer.objects.count() == SaidText.objects.count() == 1
    assert SurveySender.objects.get().count == 1


def test_no_other_token_opens_it(survey, reader, citizen):
    second = live_survey(title="另一份调查")
    of_second = form_of(reader.get(address(second)))["token"]
    of_letters = form_of(reader.get("/interaction/error/"))["token"]
    other_host = signing.dumps(
        {"n": "1", "h": "beta.localhost", "f": f"survey:{survey.pk}:x"}, salt="sites.interaction.form"
    )
    form = form_of(reader.get(address(survey)))
    for token in (of_second, of_letters, other_host, "", "x", form["token"][:-1]):
        refused = send(reader, survey, form={"token": token, "work": "1"})
        assert refused.status_code == 422, token
        assert GIVEN["q5"] in text_of(refused)
    assert send(reader, survey, form={**form, "work": ""}).status_code == 422
    assert send(reader, survey, form={**form, "website": "x"}).status_code == 422
    assert citizen("beta").get(address(survey)).status_code == 404
    assert not Answer.objects.exists()
    # Questions that were changed meanwhile are other questions.
    Survey.objects.filter(pk=survey.pk).update(questions=QUESTIONS[:3])
    assert "不是从本页打开的" in text_of(send(reader, survey, form=form))


def test_it_begins_and_ends_by_itself_and_says_so(alpha, reader):
    now = timezone.now()
    survey = live_survey(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=3), results_shown="after")
    early = text_of(reader.get(site_path(survey)))
    assert "还没有开始" in early and address(survey) not in early
    assert "起可以参加" in text_of(reader.get(address(survey)))
    with time_machine.travel(now + timedelta(hours=2)):
        assert "正在进行" in text_of(reader.get(site_path(survey)))
        form = form_of(reader.get(address(survey)))
        assert "结束以后公布" in text_of(reader.get(f"{address(survey)}results/"))
    too_early = send(reader, survey, form=form)
    assert too_early.status_code in (409, 422) and not Answer.objects.exists()
    with time_machine.travel(now + timedelta(hours=3)):
        late = send(reader, survey, form=form)
        html = text_of(late)
        assert late.status_code == 409 and "结束，不再接收" in html
        assert GIVEN["q5"] in html and "可以复制保存" in html and 'type="submit"' not in html.split("<form", 2)[-1]
        over = text_of(reader.get(site_path(survey)))
        assert "已经结束" in over and f"{address(survey)}results/" in over
        assert "共收到 0 份答卷" in text_of(reader.get(f"{address(survey)}results/"))
    assert not Answer.objects.exists()


def test_a_file_of_it_is_good_until_it_begins_and_until_it_ends(alpha, reader):
    now = timezone.now().replace(microsecond=0)
    survey = live_survey(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=3))

    Column.objects.filter(slug="news").update(column_type=ColumnType.SURVEYS)

    def until(says):
        with recording() as noted:
            reader.get(site_path(survey))
        with recording() as noted_in_list:
            assert says in reader.get("/news/").content.decode()
        found = [{key for kind, key in one if kind == ReadOf.UNTIL} for one in (noted, noted_in_list)]
        assert found[0] == found[1]
        return found[0]

    assert until("未开始") == {survey.opens_at.isoformat()}
    with time_machine.travel(now + timedelta(hours=2)):
        assert until("进行中") == {survey.closes_at.isoformat()}
    with time_machine.travel(now + timedelta(hours=4)):
        assert until("已结束") == set()


def test_an_office_behind_one_address_takes_part_and_a_flood_does_not(survey, settings):
    settings.SURVEY_ANSWERS_PER_ADDRESS = 20

    def given(at):
        return submit_answer(survey, Given(chosen=[0, 10001]), nonce=new_nonce(), address=at)

    for _number in range(20):
        given("192.0.2.1")
    with pytest.raises(Refused, match="已达到 20 份的上限。请换一个网络"):
        given("192.0.2.1")
    given("192.0.2.2")
    assert Answer.objects.count() == 21
    assert sorted(SurveySender.objects.values_list("count", flat=True)) == [1, 20]


def test_addresses_are_known_for_one_survey_and_no_longer_than_it_runs(survey, alpha):
    second = live_survey(title="另一份调查")
    for one in (survey, second):
        submit_answer(one, Given(chosen=[0, 10001]), nonce=new_nonce(), address="192.0.2.1")
    first, other = SurveySender.objects.order_by("survey_id").values_list("sender", flat=True)
    assert first != other and "192.0.2.1" not in first + other
    # Nothing leads from an answer to a count, or the other way.
    assert not {"sender", "address", "ip"} & {field.name for field in Answer._meta.get_fields()}
    assert forget_senders() == 0
    assert forget_senders(second.closes_at) == 2
    assert not SurveySalt.objects.exists() and not SurveySender.objects.exists()
    assert Answer.objects.count() == 2


def test_what_people_say_is_kept_as_typed_and_shown_as_text(survey, reader, console):
    strange = "=cmd|'calc'!A0\n<script>alert(1)</script>\x00\u202eabc {{ 7 }}"
    assert send(reader, survey, q5=strange[:50]).status_code == 200
    kept = SaidText.objects.get().text
    assert kept == strange[:50].replace("\x00", "")
    for who in ("alpha_editor", "alpha_content"):
        html = console(who, "alpha").get(f"/admin/surveys/{survey.pk}/").content.decode()
        assert "<script>alert" not in html and "&lt;script&gt;alert" in html
    # Of what people wrote nothing is public by itself.
    assert "alert" not in reader.get(f"{address(survey)}results/").content.decode()


def test_what_is_too_large_is_not_read(survey, reader):
    answered = send(reader, survey, q5="字" * 1_000_000)
    assert answered.status_code == 413 and "太长" in text_of(answered)
    assert reader.post(address(survey), {"x": "y"}, content_type="application/json").status_code == 413
    many = "&".join(f"q2=1&x{n}=1" for n in range(3000))
    assert reader.post(address(survey), many, content_type="application/x-www-form-urlencoded").status_code == 413
    assert reader.put(address(survey)).status_code == 405


def test_while_the_site_is_merged_it_is_refused_in_words(survey, reader):
    form = form_of(reader.get(address(survey)))
    freeze("alpha", "beta")
    refused = send(reader, survey, form=form)
    assert refused.status_code == 503 and "正在并入" in text_of(refused)
    assert GIVEN["q5"] in text_of(refused)


def test_answers_a_minute_are_limited(survey, reader, settings):
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "survey": 2}
    with time_machine.travel(timezone.now(), tick=False):
        assert [send(reader, survey).status_code for _ in range(3)] == [200, 200, 429]


def test_what_is_not_public_is_not_there(alpha, reader):
    draft = draft_survey()
    assert reader.get(address(draft)).status_code == 404
    assert reader.get(f"{address(draft)}results/").status_code == 404
    assert reader.get("/interaction/surveys/999999999999999999999/").status_code == 404


def test_who_is_counted_while_the_salts_are_dropped_is_dropped_with_them(own_database):
    """The answer was begun before the end and is committed after the job has looked: no count outlives its salt."""
    site = get_tenant("alpha")
    with tenant_context(site):
        survey = live_survey()
        submit_answer(survey, Given(chosen=[0, 10001]), nonce=new_nonce(), address="192.0.2.1")

    def forget():
        try:
            with tenant_context(site):
                return forget_senders(survey.closes_at)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, tenant_context(site):
        with transaction.atomic():
            submit_answer(survey, Given(chosen=[0, 10002]), nonce=new_nonce(), address="192.0.2.2")
            dropped = pool.submit(forget)
            wait([dropped], timeout=2)
        assert dropped.result(timeout=60) == 1
        assert not SurveySalt.objects.exists() and not SurveySender.objects.exists()
        # And another way round: what is begun when they are gone begins a salt of its own.
        submit_answer(survey, Given(chosen=[0, 10001]), nonce=new_nonce(), address="192.0.2.1")
        assert SurveySalt.objects.count() == SurveySender.objects.count() == 1


@pytest.mark.parametrize("times", [8])
def test_clicks_at_the_same_moment_count_once(own_database, times):
    site = get_tenant("alpha")
    with tenant_context(site):
        survey = live_survey()
    nonce, begin, outcomes = new_nonce(), Barrier(times), []

    def click():
        try:
            with tenant_context(site):
                begin.wait()
                outcomes.append(submit_answer(survey, Given(chosen=[0, 10001]), nonce=nonce, address="192.0.2.1"))
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == times and len({taken.answer.pk for taken in outcomes}) == 1
    with tenant_context(site):
        assert Answer.objects.count() == 1 and SurveySender.objects.get().count == 1
