"""From the answers to what is public: counts, the table, opinions that are chosen, and the outcome through review."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from content_library.models import Resource
from govplatform.audit.models import Entry
from govplatform.cases.codes import new_nonce
from govplatform.cases.contact import Contact
from govplatform.cases.retention.erasing import erase_due
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.queries import waiting_for
from sites.columns.writing_rights import limit_editor
from sites.surveys.actions import look_at_answer, pick_saying, sort_saying
from sites.surveys.erasing import answers_to_forget
from sites.surveys.export import export_answers
from sites.surveys.given import Given
from sites.surveys.intake import submit_answer, text_digest
from sites.surveys.models import Answer, SaidText, Survey
from sites.surveys.queries import surveys_without_result
from sites.surveys.results import results_of
from tests.cases.conftest import as_form, form_of
from tests.factories import column, draft_page, publish, user
from tests.office import opened_in_office
from tests.verbs import call_verb

from .conftest import QUESTIONS, address, draft_survey, live_survey

OPINION = 99


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def answered(survey: Survey, *codes: int, contact: Contact | None = None, **texts: str) -> Answer:
    """An answer without a form; ``texts``: ``q5="..."``."""
    given = Given(chosen=[0, *codes], texts={int(name[1:]): text for name, text in texts.items()})
    given.chosen += [number * 10000 for number in given.texts]
    given.contact = contact or Contact()
    return submit_answer(survey, given, nonce=new_nonce(), address="192.0.2.1").answer


@pytest.fixture
def survey(alpha: Any) -> Survey:
    made = live_survey()
    answered(made, 10001, 20000, 20001, 20002, 30005, 40000, 40101, 40202)
    answered(made, 10001, 20000, 20001, 30004, 40000, 40101)
    answered(made, 10003, 30004, q5="=1+1")
    return made


@pytest.fixture
def solicitation(alpha: Any) -> Survey:
    """Open until tomorrow, with opinions."""
    made = live_survey(
        title="办法（草案）征求意见", survey_kind="solicitation", questions=[], results_shown="after",
        body=[{"type": "rich_text", "value": "<p>征求意见稿如下。</p>"}], closes_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    for text in ("公布 古树名录。", "公布古树名录。", "联系我：11010519491231002X"):
        answered(made, q99=text)
    return made


def test_counts_are_made_in_one_pass_and_say_what_was_chosen(survey):
    with CaptureQueriesContext(connection) as queries:
        results = results_of(survey)
    assert len(queries) == 1
    single, several, scale, matrix, text = results.questions
    assert results.total == 3
    assert [(bar.count, str(bar.share)) for bar in single.bars] == [(2, "66.7"), (0, "0.0"), (1, "33.3")]
    # Shares are of those who answered the question.
    assert several.answered == 2 and [str(bar.share) for bar in several.bars] == ["100.0", "50.0", "0.0"]
    assert str(scale.average) == "4.33"
    assert [[bar.count for bar in line.bars] for line in matrix.lines] == [[2, 0, 0], [0, 1, 0]]
    assert text.answered == 1 and not text.bars
    # Answers to other questions are not mixed in.
    Answer.objects.filter(pk=Answer.objects.first().pk).update(questions="0" * 32)
    assert results_of(survey).total == 2


def test_numbers_are_public_when_the_editor_says_so_as_table_and_picture(survey, citizen):
    reader = citizen("alpha")
    html = text_of(reader.get(f"{address(survey)}results/"))
    assert "共收到 3 份答卷" in html and "66.7%" in html and "平均 4.33 分" in html
    assert html.count("<svg") >= 5 and "style=" not in html.split("<article")[1].split("</article")[0]
    for row in re.findall(r"<tr>(.*?)</tr>", html.split("survey-bars-table")[1].split("</table>")[0], re.S)[1:]:
        assert re.search(r"<td>\d+</td><td>[\d.]+%</td>", row)
    hidden = live_survey(title="结束以后才有结果", results_shown="after")
    assert "结束以后公布" in text_of(reader.get(f"{address(hidden)}results/"))
    assert f"{address(hidden)}results/" not in text_of(reader.get(site_path(hidden)))


def test_a_number_is_counted_anew_after_a_minute(survey, citizen):
    reader, now = citizen("alpha"), timezone.now()
    path = f"{address(survey)}results/"
    with time_machine.travel(now, tick=False):
        assert "共收到 3 份答卷" in text_of(reader.get(path))
        answered(survey, 10001)
        assert "共收到 3 份答卷" in text_of(reader.get(path))
    with time_machine.travel(now + timedelta(seconds=61)):
        assert "共收到 4 份答卷" in text_of(reader.get(path))


def test_questions_that_were_answered_stay_as_they_are(survey):
    draft = survey.get_latest_revision_as_object()
    draft.closes_at += timedelta(days=1)
    assert draft.reasons_against_submitting() == []
    draft.questions = QUESTIONS[:4]
    del draft.__dict__["asked"]
    [reason] = draft.reasons_against_submitting()
    assert "已经收到 3 份答卷，问题不能再改" in reason and "另写一份" in reason and reason.at == "questions"
    # What was answered while other questions were on their way through review keeps nothing back.
    Answer.objects.update(questions="0" * 32)
    assert draft.reasons_against_submitting() == []


def test_a_survey_that_cannot_work_is_not_handed_in(alpha, subtests):
    now = timezone.now()
    for fields, words in (
        ({"opens_at": None}, "“开始时间”不能为空"),
        ({"closes_at": None}, "“结束时间”不能为空"),
        ({"closes_at": now - timedelta(days=3)}, "结束时间要在开始时间之后"),
        ({"closes_at": now - timedelta(hours=1)}, "没有人能够参加"),
        ({"questions": []}, "问卷至少要有一道题"),
        ({"organiser": ""}, "“征集单位”不能为空"),
        ({"outcome": "<p>结果。</p>"}, "征集还没有结束，不能公布结果"),
    ):
        with subtests.test(words):
            assert words in "".join(draft_survey(**fields).reasons_against_submitting())


def test_a_bad_question_is_refused_where_it_is_written(alpha, subtests):
    block = Survey._meta.get_field("questions").stream_block
    for kind, fields, words in (
        ("single", {"options": "只有一个"}, "至少写 2 行"),
        ("single", {"options": "甲\n甲"}, "“甲”写了不止一次"),
        ("multiple", {"options": "甲\n乙", "most": 3}, "只有 2 个选项"),
        ("multiple", {"options": "\n".join(map(str, range(31)))}, "最多 30 行"),
        ("matrix", {"options": "甲\n乙", "rows": "\n".join(map(str, range(21)))}, "最多 20 行"),
        ("single", {"options": "甲\n" + "乙" * 101}, "每行最多 100 个字"),
    ):
        with subtests.test(words):
            value = block.to_python([{"type": kind, "value": {"text": "问题", **fields}}])
            with pytest.raises(Exception) as refused:
                block.clean(value)
            errors = refused.value.block_errors[0].block_errors
            assert words in "".join(str(one) for one in errors.values())


def test_opinions_become_an_outcome_through_review(solicitation, citizen, console):
    desk, reader = console("alpha_editor", "alpha"), citizen("alpha")
    screen = f"/admin/surveys/{solicitation.pk}/"
    html = text_of(desk.get(screen))
    # The same words, however they are spaced, are one.
    assert html.count("古树名录") == 1 and '<td class="number" data-label="人数">2</td>' in html
    same, masked = text_digest("公布古树名录。"), text_digest("联系我：11010519491231002X")
    for digest in (same, masked):
        done = desk.post(screen, {"act": "pick", "question": OPINION, "digest": digest}, follow=True)
        assert "已选入页面的草稿" in text_of(done)
    again = desk.post(screen, {"act": "pick", "question": OPINION, "digest": same})
    assert "这条意见已经选入" in text_of(again)
    # Nothing of it is public yet.
    page = Survey.objects.get(pk=solicitation.pk)
    assert not page.adopted and "古树名录" not in text_of(reader.get(site_path(page)))
    draft = page.get_latest_revision_as_object()
    assert [block.value["people"] for block in draft.adopted] == [2, 1]
    assert "11010519491231002X" not in draft.adopted[1].value["opinion"]
    assert "征集还没有结束" in "".join(draft.reasons_against_submitting())
    with time_machine.travel(solicitation.closes_at + timedelta(minutes=1)):
        assert [one.pk for one in surveys_without_result()] == [solicitation.pk]
        waiting = [one.title for kind in waiting_for(user("alpha_editor")) for one in kind.matters]
        assert solicitation.title in waiting
        assert "没有写采纳情况和理由" in "".join(draft.reasons_against_submitting())
    # Ended earlier than it was announced; the clock of the database is not turned for it.
    draft.closes_at = timezone.now() - timedelta(seconds=1)
    del draft.adopted[1]
    draft.adopted[0].value.update(outcome="adopted", reply="写入第九条。")
    draft.outcome = "<p>共收到意见三条。</p>"
    draft.save_revision(user=user("alpha_editor"))
    page = publish(Survey.objects.get(pk=page.pk))
    html = text_of(reader.get(site_path(page)))
    for words in ("共收到意见三条。", "采纳", "2 人提出", "公布 古树名录。", "写入第九条。", "已经结束"):
        assert words in html, words
    assert not surveys_without_result().exists()
    held = Resource.objects.select_related("current").get(page_id=page.pk)
    assert held.kind == "survey" and "写入第九条。" in held.current.text


def test_while_a_draft_is_in_review_nothing_is_put_into_it(solicitation):
    from tests.factories import submit

    solicitation.get_latest_revision_as_object().save_revision(user=user("alpha_editor"))
    submit(solicitation)
    digest = text_digest("公布古树名录。")
    with pytest.raises(Refused, match="正在审查"):
        pick_saying(solicitation, OPINION, digest, acting_user=user("alpha_editor"))
    with pytest.raises(Refused, match="没有编辑角色"):
        sort_saying(solicitation, OPINION, digest, "aside", acting_user=user("alpha_content"))
    with pytest.raises(Refused, match="没有这条意见"):
        sort_saying(solicitation, OPINION, "0" * 32, "aside", acting_user=user("alpha_editor"))


def test_ten_thousand_times_the_same_words_are_one_line_and_stay_aside(solicitation, console):
    words = "坚决反对！"
    first = answered(solicitation, q99=words)
    Answer.objects.bulk_create(
        Answer(survey=solicitation, token=f"t{n}", content="", questions=solicitation.questions_digest,
               answered_on=timezone.localdate(), chosen=[0, 990000])
        for n in range(10_000)
    )  # fmt: skip
    SaidText.objects.bulk_create(
        SaidText(survey=solicitation, answer=one, question=OPINION, text=words, digest=text_digest(words))
        for one in Answer.objects.filter(survey=solicitation, token__startswith="t").only("pk")
    )
    desk = console("alpha_editor", "alpha")
    html = text_of(desk.get(f"/admin/surveys/{solicitation.pk}/"))
    assert html.count(words) == 1 and "10001" in html.replace(",", "")
    desk.post(f"/admin/surveys/{solicitation.pk}/", {"act": "aside", "question": OPINION, "digest": text_digest(words)})
    assert words not in text_of(desk.get(f"/admin/surveys/{solicitation.pk}/"))
    # Who says it once more is counted, and troubles nobody.
    answered(solicitation, q99=" 坚决 反对！")
    assert SaidText.objects.filter(state="aside").count() == 10_002
    assert words not in text_of(desk.get(f"/admin/surveys/{solicitation.pk}/"))
    assert first.texts.get().state == "aside"


def test_contacts_are_seen_by_editors_alone_and_each_look_is_recorded(solicitation, console, alpha):
    answer = answered(solicitation, q99="请回电。", contact=Contact("顾客", "0000-0000123", ""))
    screen = f"/admin/surveys/{solicitation.pk}/"
    desk, reviewer = console("alpha_editor", "alpha"), console("alpha_content", "alpha")
    assert "0000-0000123" not in text_of(desk.get(screen))
    assert "0000-0000123" in text_of(desk.post(screen, {"act": "look", "answer": answer.pk}))
    assert Entry.objects.filter(act="survey.contact").count() == 1
    refused = text_of(reviewer.post(screen, {"act": "look", "answer": answer.pk}))
    assert "0000-0000123" not in refused and "没有编辑角色" in refused
    assert desk.post(screen, {"act": "look", "answer": "9" * 12}).status_code == 404
    assert console("alpha_secret", "alpha").get(screen).status_code == 403
    # While it is open nobody's term is over.
    assert erase_due() == []
    with time_machine.travel(solicitation.closes_at + timedelta(days=300)):
        assert answers_to_forget().count() == 4 and erase_due() == []
    with time_machine.travel(solicitation.closes_at + timedelta(days=370)):
        assert [(one.holder.code, one.site.code, one.rows) for one in erase_due()] == [("survey-answers", "alpha", 4)]
    answer.refresh_from_db()
    assert answer.contact is None and not answer.texts.exists()
    assert results_of(solicitation).questions[0].answered == 4
    assert look_at_answer(answer, acting_user=user("alpha_editor")) == Contact()


def test_an_editor_of_other_columns_has_nothing_to_do_with_what_was_said(solicitation, console, alpha):
    answer = answered(solicitation, q99="请回电。", contact=Contact("顾客", "0000-0000123", ""))
    limit_editor(user("alpha_editor"), [column("notices")], acting_user=user("alpha_admin"))
    digest = text_digest("请回电。")
    for act in (
        lambda: look_at_answer(answer, acting_user=user("alpha_editor")),
        lambda: sort_saying(solicitation, 99, digest, SaidText.State.ASIDE, acting_user=user("alpha_editor")),
        lambda: pick_saying(solicitation, 99, digest, acting_user=user("alpha_editor")),
        lambda: export_answers(solicitation, "csv", acting_user=user("alpha_editor")),
    ):
        with pytest.raises(Refused, match="只在给定的栏目写稿"):
            act()
    # Whoever reviews what is said of it reads it all.
    assert export_answers(solicitation, "csv", acting_user=user("alpha_content"))[1] == Answer.objects.count()


def test_a_survey_that_was_taken_down_keeps_nobody_s_number_for_ever(solicitation, alpha):
    answered(solicitation, q99="请回电。", contact=Contact("顾客", "0000-0000123", ""))
    withdraw_page(solicitation, acting_user=user("alpha_content"), reason="口径有误")
    held = answers_to_forget().count()
    assert erase_due(timezone.now() + timedelta(days=300)) == []
    assert [one.rows for one in erase_due(timezone.now() + timedelta(days=370))] == [held]


def test_all_answers_are_a_table_in_which_nothing_is_calculated(survey, console, tmp_path, alpha):
    out = tmp_path / "answers.csv"
    done = call_verb("survey", "export", str(survey.pk), "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"answers": 3, "file": str(out)}
    head, *rows = csv.reader(io.StringIO(out.read_text("utf-8-sig")))
    assert head[2:] == [
        "你多久去一次图书馆？",
        "你想增加什么？",
        "总体满意度",
        "各项服务：借阅",
        "各项服务：咨询",
        "还有什么建议？",
    ]
    assert rows[0][2:] == ["每周", "夜间开放；自习座位", "5", "好", "一般", ""]
    assert rows[2][2:] == ["很少", "", "4", "", "", "'=1+1"]
    desk = console("alpha_editor", "alpha")
    book = desk.post(f"/admin/surveys/{survey.pk}/", {"act": "export", "format": "xlsx"})
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml")
    assert load_workbook(io.BytesIO(book.content)).active["H4"].value == "=1+1"
    assert Entry.objects.filter(act="survey.export").count() == 2
    assert "以 .csv 或 .xlsx 结尾" in text_of(
        desk.post(f"/admin/surveys/{survey.pk}/", {"act": "export", "format": "exe"})
    )
    wrong = call_verb("survey", "export", "999999", "--site", "alpha", "--out", str(out))
    assert wrong.returncode == 3 and "没有编号为 999999" in wrong.stderr
    nowhere = call_verb("survey", "export", "999999", "--out", str(out))
    assert nowhere.returncode == 2 and "没有站点有编号为 999999" in nowhere.stderr
    by_nobody = ("--as", "beta_editor")
    refused = call_verb("survey", "export", str(survey.pk), "--site", "alpha", "--out", str(out), *by_nobody)
    assert refused.returncode == 3 and "不能查看答卷" in refused.stderr


def test_the_console_lists_what_runs_and_what_owes_a_result(survey, console, citizen):
    desk = console("alpha_editor", "alpha")
    html = text_of(desk.get("/admin/surveys/"))
    assert "进行中" in html and "没有公布结果" not in html and '<td class="number" data-label="答卷">3</td>' in html
    with time_machine.travel(survey.closes_at + timedelta(minutes=1)):
        html = text_of(console("alpha_editor", "alpha").get("/admin/surveys/"))
        assert "已结束" in html and "没有公布结果" in html
    assert console("beta_editor", "beta").get(f"/admin/surveys/{survey.pk}/").status_code == 404


def test_a_copy_has_the_questions_and_not_what_came_of_the_other(survey):
    from govplatform.locks.holding import holding

    survey.outcome = "<p>结果。</p>"
    with holding(pages=[survey.pk]):
        copied = survey.copy(
            user=user("alpha_editor"), keep_live=False, copy_revisions=False, update_attrs={"slug": "again"}
        )
    newest = copied.get_latest_revision_as_object() if copied.latest_revision_id else copied
    assert len(newest.questions) == 5 and not newest.outcome and not Answer.objects.filter(survey=copied.pk).exists()


def test_an_opinion_alone_is_asked_of_a_solicitation_without_questions(solicitation, citizen):
    reader = citizen("alpha")
    assert "我要提意见" in text_of(reader.get(site_path(solicitation)))
    form = form_of(reader.get(address(solicitation)))
    empty = reader.post(address(solicitation), **as_form({**form, "q99": " "}))
    assert empty.status_code == 422 and "意见和建议：请填写。" in text_of(empty)
    sent = reader.post(address(solicitation), **as_form({**form, "q99": "字" * 5000}))
    assert sent.status_code == 200 and SaidText.objects.filter(question=OPINION).count() == 4


def test_an_id_that_two_sites_have_is_refused_with_their_names(alpha, tmp_path):
    number = 900_001
    for code in ("alpha", "beta"):
        with tenant_context(get_tenant(code)):
            with as_owner(), connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), %s)", [number - 1])
            assert draft_page(Survey, "news", f"{code}_editor", title="同号的调查").pk == number
    out = tmp_path / "answers.csv"
    refused = call_verb("survey", "export", str(number), "--out", str(out), "--json")
    assert refused.returncode == 3 and not out.exists()
    for part in ("不止一个站点", "--site", "（alpha）", "（beta）"):
        assert part in refused.stdout + refused.stderr
    assert call_verb("survey", "export", str(number), "--site", "beta", "--out", str(out)).returncode == 0


def test_an_export_opens_in_libreoffice(survey, tmp_path):
    for text in ("=1+1", '逗号,引号"和\n换行'):
        submit_answer(survey, Given(chosen=[0, 10001], texts={5: text}), nonce=new_nonce(), address="192.0.2.1")
    shown = {}
    for kind in ("csv", "xlsx"):
        table = tmp_path / f"answers.{kind}"
        table.write_bytes(export_answers(survey, kind, acting_user=user("alpha_editor"))[0])
        shown[kind] = opened_in_office(table)
    assert shown["csv"][0] == shown["xlsx"][0] and len(shown["csv"]) == len(shown["xlsx"]) == 1 + Answer.objects.count()
    texts = [row[-1] for row in shown["xlsx"][-2:]]
    assert "1+1" in texts[0] and texts[0] != "2" and "换行" in texts[1]
