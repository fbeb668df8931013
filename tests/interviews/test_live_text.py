"""Live text: typed by one, put in public by another; corrected, withdrawn, written down; and who may not."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from govplatform.accounts.models import Membership
from govplatform.audit.models import Entry as Record
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import submit_for_review, withdraw_page
from govplatform.review.submission.due_pages import publish_due_pages
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.registry import kinds
from sites.interviews.entries import correct_entry, withdraw_entry
from sites.interviews.models import Entry, EntryVersion, InterviewPage, Session
from sites.interviews.queries import FORGOTTEN
from sites.interviews.sessions import decide_live, end_interview, make_transcript, open_interview, stop_live
from sites.interviews.shown import LIVE, RECENT, shown_entries
from tests import factories
from tests.factories import user

from .conftest import GUEST, an_interview, clear, said, say

SECRET = "身份证号码11010519491231002X"


def read(citizen, page, suffix=""):
    answer = citizen("alpha").get(f"{site_path(page)}{suffix}")
    assert answer.status_code == 200
    return answer.content.decode()


def refused(act, *args, **named):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(*args, **named)
    return "".join(map(str, refusal.value.reasons))


def test_nothing_is_shown_before_a_second_person_has_cleared_it(talk, citizen):
    entry = say(talk, "欢迎各位<b>网友</b>。")
    for suffix in ("", LIVE):
        assert "欢迎各位" not in read(citizen, talk, suffix)
    clear(entry)
    for suffix in ("", LIVE):
        html = read(citizen, talk, suffix)
        assert "欢迎各位&lt;b&gt;网友&lt;/b&gt;。" in html and "主持人" in html
    acts = list(Record.objects.filter(act__startswith="interview.").order_by("number").values_list("act", flat=True))
    assert acts[-4:] == ["interview.decide", "interview.open", "interview.say", "interview.clear"]
    last = Record.objects.filter(act="interview.clear").latest("number")
    assert (last.detail["step"], last.detail["shown"], last.actor_name) == (
        "content",
        True,
        user("alpha_content").signed_name,
    )
    assert last.detail["digest"] == EntryVersion.objects.get(entry=entry).digest


def test_who_may_not(talk):
    entry = say(talk, "可以返还。", "guest")
    for name in (
        "alpha_editor",
        "alpha_editor2",
        "alpha_admin",
        "alpha_clerk",
        "beta_content",
        "outsider",
        "supervisor",
    ):
        assert refused(clear, entry, by=name), name
    # Without a warning there is nothing for the confidentiality reviewer's key, whose decision stands already.
    assert "内容审核" in refused(clear, entry, by="alpha_secret")
    for name in ("alpha_content", "alpha_secret", "beta_editor"):
        assert "编辑" in refused(say, talk, "我来说。", by=name), name
    reviewer = user("alpha_content")
    assert "保密审查" in refused(decide_live, talk, "都可以", acting_user=reviewer)
    assert "保密审查" in refused(stop_live, talk, reason="不妥", acting_user=reviewer)
    assert Entry.objects.get(pk=entry.pk).shown_id is None


def test_what_the_scanner_blocks_is_cleared_by_nobody(talk):
    entry = say(talk, f"张某的{SECRET}。", "guest")
    version = EntryVersion.objects.get(entry=entry)
    assert version.severity == "block" and SECRET not in str(version.findings)
    told = refused(clear, entry)
    assert "不得公开" in told and "11010519491231002X" not in told
    correct_entry(entry, "他符合条件。", acting_user=user("alpha_editor2"))
    clear(entry, 2)
    assert [one.text for one in shown_entries(talk)] == ["他符合条件。"]


def test_where_it_warns_both_reviewers_look(talk):
    entry = say(talk, "请拨打13800138000咨询。")
    assert EntryVersion.objects.get(entry=entry).severity == "warn"
    clear(entry)
    assert shown_entries(talk) == []
    clear(entry, by="alpha_secret")
    assert len(shown_entries(talk)) == 1
    assert EntryVersion.objects.get(entry=entry).secret_by == user("alpha_secret")


def test_nobody_is_both_reviewers_of_one_interview(talk):
    both = user("alpha_content")
    Membership.objects.create(user=both, tenant=get_tenant("alpha"), role="confidentiality-reviewer")
    stop_live(talk, acting_user=user("alpha_secret"), reason="换人")
    decide_live(talk, "同前。", acting_user=user("alpha_content"))
    entry = say(talk, "继续。")
    assert "不同的人" in refused(clear, entry)


def test_cleared_while_it_was_corrected(talk):
    entry = say(talk, "返还百分之六。", "guest")
    correct_entry(entry, "返还百分之六十。", acting_user=user("alpha_editor"))
    told = refused(clear, entry, 1)
    assert "第 2 稿" in told and shown_entries(talk) == []
    clear(entry, 2)
    [shown] = shown_entries(talk)
    assert (shown.text, shown.corrected, shown.label) == ("返还百分之六十。", True, GUEST)
    # Citizens go on reading what was cleared until the next wording is.
    correct_entry(entry, "返还六成。", acting_user=user("alpha_editor"))
    assert shown_entries(talk)[0].text == "返还百分之六十。"


def test_two_editors_at_once_get_one_number_each(talk):
    first, second = say(talk, "一。"), say(talk, "二。", by="alpha_editor2")
    assert (first.number, second.number) == (1, 2)
    clear(second)
    clear(first)
    assert [one.text for one in shown_entries(talk)] == ["一。", "二。"]


def test_what_was_withdrawn_is_seen_to_be(talk, citizen):
    entry = said(talk, "说错了的话。")
    withdraw_entry(entry, acting_user=user("alpha_editor"), reason="口误")
    for suffix in ("", LIVE):
        html = read(citizen, talk, suffix)
        assert "说错了的话" not in html and "这一条已撤回" in html and "口误" not in html
    assert "已经撤回" in refused(clear, entry)
    never = say(talk, "从未公开。")
    withdraw_entry(never, acting_user=user("alpha_content"), reason="重复")
    assert [one.number for one in shown_entries(talk)] == [entry.number]


def test_the_decision_comes_first_and_can_be_taken_back(announced, citizen):
    page = announced
    assert "当天" not in refused(open_interview, page, acting_user=user("alpha_editor"))
    decide_live(page, "只谈公开的。", acting_user=user("alpha_secret"))
    open_interview(page, acting_user=user("alpha_editor"))
    entry = say(page, "开始。")
    stop_live(page, acting_user=user("alpha_secret"), reason="嘉宾超出口径")
    assert "嘉宾超出口径" in refused(clear, entry)
    decide_live(page, "只谈公开的。", acting_user=user("alpha_secret"))
    clear(entry)
    assert "正在进行" in read(citizen, page)


def test_watchers_get_the_last_changes_and_know_when_they_missed_some(talk, citizen):
    for number in range(RECENT + 3):
        said(talk, f"第{number}句。")
    html = read(citizen, talk, LIVE)
    newest = Session.objects.get(page=talk).change
    assert f'data-since="{newest - RECENT}" data-newest="{newest}"' in html
    assert html.count("<li id=") == RECENT and "第0句" not in html
    first = citizen("alpha").get(f"{site_path(talk)}{LIVE}")
    again = citizen("alpha").get(f"{site_path(talk)}{LIVE}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert "第0句" in read(citizen, talk)


def test_a_picture_is_one_that_was_reviewed_with_the_page(talk, citizen):
    assert "现场图片" in refused(say, talk, "看图。", photo="00000000-0000-4000-8000-000000000000")
    said(talk, "", photo="5c0ffee0-0000-4000-8000-000000000001")
    html = read(citizen, talk, LIVE)
    assert 'alt="访谈现场"' in html
    address = html.partition('src="')[2].partition('"')[0]
    assert citizen("alpha").get(address).status_code == 200


def test_after_the_end_the_transcript_is_reviewed_and_takes_its_place(talk, citizen):
    said(talk, "欢迎。\n请看。")
    gone = said(talk, "不该说的。", "guest")
    withdraw_entry(gone, acting_user=user("alpha_secret"), reason="超出口径")
    said(talk, "", photo="5c0ffee0-0000-4000-8000-000000000001")
    assert "没有结束" in refused(make_transcript, talk, acting_user=user("alpha_editor"))
    end_interview(talk, acting_user=user("alpha_editor"))
    assert "已经结束" in refused(say, talk, "再说一句。")
    make_transcript(talk, acting_user=user("alpha_editor"))
    assert "欢迎。" in read(citizen, talk) and "实录整理中" in read(citizen, talk)
    draft = InterviewPage.objects.get(pk=talk.pk).get_latest_revision_as_object()
    draft.highlights = "<p>返还比例不变。</p>"
    draft.save_revision(user=user("alpha_editor"))
    page = factories.publish(InterviewPage.objects.get(pk=talk.pk))
    html = read(citizen, page)
    assert "访谈实录" in html and "请看。" in html and "返还比例不变。" in html and "不该说的" not in html
    assert 'class="live"' not in html and 'data-state="written"' in read(citizen, page, LIVE)
    assert "实录已经发布" in refused(
        correct_entry, Entry.objects.get(number=1), "欢迎大家。", acting_user=user("alpha_editor")
    )
    assert "已经发布" in refused(open_interview, page, acting_user=user("alpha_editor"))


def test_what_came_down_after_the_transcript_was_made_keeps_it_from_the_public(talk, citizen):
    gone, other, stays = said(talk, "这一句说错了。"), said(talk, "比例是百分之五。"), said(talk, "谢谢各位。")
    end_interview(talk, acting_user=user("alpha_editor"))
    make_transcript(talk, acting_user=user("alpha_editor"))
    page = InterviewPage.objects.get(pk=talk.pk)
    submit_for_review(page, acting_user=user("alpha_editor"))
    decide_from_the_shell(page, acting_user=user("alpha_content"), approve=True, opinion="同意")
    withdraw_entry(gone, acting_user=user("alpha_secret"), reason="说错")
    corrected = correct_entry(other, "比例是百分之三。", acting_user=user("alpha_editor"))
    clear(other, corrected.number)
    said_so = refused(
        decide_from_the_shell, InterviewPage.objects.get(pk=talk.pk), acting_user=user("alpha_secret"), approve=True,
        opinion="同意",
    )  # fmt: skip
    assert f"第 {gone.number} 条" in said_so and "撤回" in said_so
    assert f"第 {other.number} 条" in said_so and "改正" in said_so and f"第 {stays.number} 条" not in said_so
    assert "这一句说错了" not in citizen("alpha").get(site_path(talk)).content.decode()


def test_what_comes_down_before_the_time_of_the_transcript_keeps_it_from_the_public(talk, citizen, console):
    gone = said(talk, "这一句说错了。")
    end_interview(talk, acting_user=user("alpha_editor"))
    make_transcript(talk, acting_user=user("alpha_editor"))
    draft = InterviewPage.objects.get(pk=talk.pk).get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(minutes=10)
    draft.save_revision(user=user("alpha_editor"))
    page = InterviewPage.objects.get(pk=talk.pk)
    factories.submit(page)
    for reviewer in ("alpha_content", "alpha_secret"):
        factories.approve(page, reviewer)
    withdraw_entry(gone, acting_user=user("alpha_content"), reason="说错")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert publish_due_pages() == 0
    page = InterviewPage.objects.get(pk=talk.pk)
    assert not page.body and "这一句说错了" not in read(citizen, page)
    record = Record.objects.get(act="page.schedule_refused")
    assert f"第 {gone.number} 条" in record.detail["reasons"][0]
    for who in ("alpha_editor", "alpha_editor2"):
        shown = console(who, "alpha").get(f"/admin/pages/{page.pk}/edit/").content.decode()
        assert "定时发布被拒绝" in shown and f"第 {gone.number} 条现场文字" in shown


def test_a_line_comes_down_while_the_page_is_down(talk, citizen):
    entry = said(talk, "不该公开的一句。")
    name = say(talk, "第二句。", "citizen")
    withdraw_page(InterviewPage.objects.get(pk=talk.pk), acting_user=user("alpha_content"), reason="先撤下核对")
    withdraw_entry(entry, acting_user=user("alpha_secret"), reason="不该公开")
    assert "没有公开" in refused(clear, name)
    shown = shown_entries(InterviewPage.objects.get(pk=talk.pk))
    assert [(one.text, one.withdrawn, one.label) for one in shown] == [("", True, "主持人")]


def test_a_withdrawn_page_takes_its_live_text_along(talk, citizen):
    entry = say(talk, "开始。")
    withdraw_page(talk, acting_user=user("alpha_content"), reason="改期。")
    for suffix in ("", LIVE):
        assert citizen("alpha").get(f"{site_path(talk)}{suffix}").status_code == 410
    assert "没有公开" in refused(clear, entry)


def test_the_database_holds_the_separation_too(talk):
    entry = say(talk, "开始。")
    version = EntryVersion.objects.get(entry=entry)

    def past_the_acts():
        Entry.objects.filter(pk=entry.pk).update(shown=version)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="gate: live text"), transaction.atomic():
        past_the_acts()
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        EntryVersion.objects.filter(pk=version.pk).update(text="别的话。")
    clear(entry)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def waiting(who):
    kind = next(kind for kind in kinds() if kind.code == "interview")
    return [matter.title for matter in kind.find(user(who))]


def test_those_responsible_are_told_what_was_forgotten(talk, alpha):
    assert waiting("alpha_editor") == []
    long_ago = timezone.now() - FORGOTTEN * 2
    Session.objects.filter(page=talk).update(changed_at=long_ago, opened_at=long_ago)
    assert waiting("alpha_editor") == [f"访谈一直开着：{talk.title}"]
    other = an_interview(slug="another", title="另一场")
    assert waiting("alpha_secret") == [f"访谈等待保密审查决定：{other.title}"]
    end_interview(talk, acting_user=user("alpha_editor"))
    assert waiting("alpha_editor") == [f"访谈等待实录：{talk.title}"]
    assert waiting("beta_editor") == []


# --- the desk ----------------------------------------------------------------------------


def desk(page):
    return reverse("interview", args=[page.pk])


def test_the_desk_types_and_clears_without_a_reload(talk, console):
    editor, reviewer = console("alpha_editor", "alpha"), console("alpha_content", "alpha")
    by_script = {"X-Requested-With": "desk"}
    form = {"act": "say", "speaker": f"guest:{GUEST}", "text": "可以返还。", "entry": "", "question": ""}
    answer = editor.post(desk(talk), form, headers=by_script)
    assert answer.status_code == 200 and "第 1 条已录入" in answer.content.decode()
    seen = reviewer.get(f"{desk(talk)}?part=entries").content.decode()
    assert 'data-mine="1/1"' in seen and "放行" in seen
    assert "data-mine" not in editor.get(f"{desk(talk)}?part=entries").content.decode()
    done = reviewer.post(desk(talk), {"act": "clear", "entry": "1", "version": "1"}, headers=by_script)
    assert "第 1 条已公开" in done.content.decode()
    # What is refused says why, and nothing typed is lost without a script either.
    for form in (
        {"act": "say", "speaker": "guest:别人", "text": "原话还在。"},
        {"act": "say", "speaker": "host", "text": ""},
    ):
        assert editor.post(desk(talk), form, headers=by_script).status_code == 422
        plain = editor.post(desk(talk), form)
        assert plain.status_code == 200 and form["text"] in plain.content.decode()
    assert editor.post(desk(talk), {"act": "clear", "entry": "1", "version": "x"}, headers=by_script).status_code == 422
    assert editor.post(desk(talk), {"act": "nothing"}).status_code == 404


def test_the_whole_way_at_the_desk_without_a_script(announced, console):
    editor, secret = console("alpha_editor", "alpha"), console("alpha_secret", "alpha")
    reviewer = console("alpha_content", "alpha")
    assert 'name="scope"' in secret.get(desk(announced)).content.decode()
    assert "开启访谈" in editor.get(desk(announced)).content.decode()
    for client, form in (
        (secret, {"act": "decide", "scope": "只谈公开的。"}), (editor, {"act": "open"}),
        (editor, {"act": "say", "speaker": "host:苗时雨", "text": "开始。"}),
        (reviewer, {"act": "clear", "entry": "1", "version": "1"}),
        (editor, {"act": "say", "entry": "1", "text": "现在开始。"}),
        (reviewer, {"act": "clear", "entry": "1", "version": "2"}), (editor, {"act": "end"}),
    ):  # fmt: skip
        answer = client.post(desk(announced), form)
        assert answer.status_code == 302, (form, answer.content.decode()[-3000:])
    done = editor.post(desk(announced), {"act": "transcribe"})
    assert done["Location"] == reverse("wagtailadmin_pages:edit", args=[announced.pk])
    draft = InterviewPage.objects.get(pk=announced.pk).get_latest_revision_as_object()
    assert "主持人 苗时雨：</b>现在开始。" in str(draft.body[0].value.source)
    assert 'name="entry" value="1"' in editor.get(f"{desk(announced)}?correct=1").content.decode()
    assert "现场文字" in secret.get(desk(announced)).content.decode()


def test_another_site_s_people_have_no_desk_here(talk, console):
    for client in (console("beta_editor", "beta"), console("beta_content", "beta")):
        assert client.get(desk(talk)).status_code == 404
        assert client.post(desk(talk), {"act": "say", "speaker": "host", "text": "x"}).status_code == 404
    assert console("alpha_clerk", "alpha").get(desk(talk)).status_code == 403
    assert Entry.objects.count() == 0
