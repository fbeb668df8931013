"""Questions in advance: a hostile door, moderation, and what is left of one after its term."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from govplatform.audit.models import Entry as Record
from govplatform.cases.contact import decrypt
from govplatform.cases.retention.erasing import erase_due
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant
from sites.interviews.erasing import forget_questions
from sites.interviews.models import Question
from sites.interviews.questions import look_at_asker, merge_question
from sites.interviews.sessions import decide_live, open_interview
from tests.cases.conftest import IDENTITY, as_form, form_by_hand, form_of
from tests.factories import user
from tests.lifecycle.merge.frozen import freeze
from tests.verbs import call_verb

from .conftest import an_interview, say

TEXT = "稳岗返还什么时候到账？"


def door(page):
    return f"/interaction/interview/{page.pk}/"


@pytest.fixture
def ask(announced, citizen):
    client = citizen("alpha")

    def send(text=TEXT, *, form=None, **fields):
        form = form or form_of(client.get(door(announced)))
        return client.post(door(announced), **as_form({**form, "text": text, **fields}))

    send.client = client
    return send


def test_a_question_is_kept_once_masked_and_encrypted(ask, announced):
    form = form_of(ask.client.get(door(announced)))
    text = f"\u202e我的身份证是{IDENTITY}\x00，<script>能领吗</script>？"
    for _click in range(2):
        answer = ask(text, form=form, name="苗女士", phone="0000-0000001")
        assert answer.status_code == 200 and "已经收到" in answer.content.decode()
    question = Question.objects.get()
    assert IDENTITY in question.text and IDENTITY not in question.masked and "\x00" not in question.text
    assert "\u202e" not in question.masked and "苗女士" not in str(bytes(question.contact))
    assert decrypt(question.contact, question.bound_to).name == "苗女士"
    assert ask("另一个问题", form=form).status_code == 422
    assert Question.objects.count() == 1
    # It is nowhere in public.
    for suffix in ("", "live-text/"):
        assert "能领吗" not in ask.client.get(f"{site_path(announced)}{suffix}").content.decode()


def test_a_question_is_asked_without_script(ask, announced):
    wrong = ask(form={**form_by_hand(ask.client.get(door(announced))), "sum": "1"})
    assert wrong.status_code == 422 and 'id="fault-sum">验算题' in wrong.content.decode()
    assert TEXT in wrong.content.decode()
    assert ask(form=form_by_hand(wrong)).status_code == 200
    assert Question.objects.get().text == TEXT


def test_the_door_takes_nothing_else(ask, announced, citizen):
    for form in ({"token": "x", "work": "1"}, {"token": "", "work": ""}):
        assert ask(form=form).status_code == 422
    letter = re.search(r'name="token" value="([^"]+)"', ask.client.get("/interaction/write/").content.decode()).group(1)
    other = an_interview(slug="other")
    elsewhere = form_of(ask.client.get(door(other)))
    for token in ({"token": unescape(letter), "work": "1"}, elsewhere):
        assert ask(form=token).status_code == 422
    assert ask(website="http://example.com").status_code == 422
    assert "原样" in ask("原样" + "长" * 500).content.decode()
    assert ask("x" * 1_000_000).status_code == 413
    assert ask("").status_code == 422
    assert citizen("beta").get(door(announced)).status_code == 404
    assert not Question.objects.exists()


def test_it_closes_at_its_time_and_when_the_interview_begins(ask, announced):
    form = form_of(ask.client.get(door(announced)))
    assert "向嘉宾提问" in ask.client.get(site_path(announced)).content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        late = ask(form=form)
        assert late.status_code == 422 and "已经截止" in late.content.decode() and TEXT in late.content.decode()
        assert door(announced) not in ask.client.get(site_path(announced)).content.decode()
    decide_live(announced, "公开的。", acting_user=user("alpha_secret"))
    open_interview(announced, acting_user=user("alpha_editor"))
    assert ask(form=form).status_code == 422
    assert "不接收提问" in ask.client.get(door(announced)).content.decode()


@pytest.mark.parametrize("status", ["offline", "retired"])
def test_a_closed_site_takes_nothing(ask, announced, alpha, status):
    form = form_of(ask.client.get(door(announced)))
    Tenant.objects.filter(pk=alpha.pk).update(status=status)
    forget_hosts()
    assert ask(form=form).status_code in (404, 405, 410, 503)
    assert ask.client.get(f"{site_path(announced)}live-text/").status_code in (404, 410, 503)
    assert not Question.objects.exists()


def test_a_site_that_moves_takes_no_question_and_loses_none(ask, announced):
    form = form_of(ask.client.get(door(announced)))
    freeze("alpha", "beta")
    refused = ask(form=form)
    assert refused.status_code == 422 and TEXT in refused.content.decode()
    assert not Question.objects.exists()


def screen(page):
    return reverse("interview_questions", args=[page.pk])


def test_questions_are_taken_up_left_out_and_merged(ask, announced, console):
    for text in ("什么时候到账？", "到账时间？", "广告"):
        ask(text, phone="0000-0000001")
    first, same, advert = Question.objects.order_by("pk")
    editor = console("alpha_editor", "alpha")
    listed = editor.get(screen(announced)).content.decode()
    assert "什么时候到账" in listed and "0000-0000001" not in listed
    assert editor.post(screen(announced), {"act": "take", "question": first.pk}).status_code == 302
    assert editor.post(screen(announced), {"act": "merge", "question": same.pk, "into": first.pk}).status_code == 302
    empty = editor.post(screen(announced), {"act": "leave", "question": advert.pk, "reason": ""})
    assert "请写明理由" in empty.content.decode()
    editor.post(screen(announced), {"act": "leave", "question": advert.pk, "reason": "广告"})
    states = {one.pk: (one.state, one.into_id) for one in Question.objects.all()}
    assert states == {first.pk: ("taken", None), same.pk: ("merged", first.pk), advert.pk: ("left_out", None)}
    with pytest.raises(Refused):
        merge_question(first, first, acting_user=user("alpha_editor"))
    looked = editor.post(screen(announced), {"act": "look", "question": first.pk}).content.decode()
    assert "0000-0000001" in looked
    assert Record.objects.filter(act="interview.look", detail__question=first.pk).count() == 1
    for client in (console("alpha_content", "alpha"), console("alpha_clerk", "alpha")):
        assert client.get(screen(announced)).status_code == 403
    assert console("beta_editor", "beta").get(screen(announced)).status_code == 404
    # At the desk it is typed as live text, masked, and reviewed like all the rest.
    decide_live(announced, "公开的。", acting_user=user("alpha_secret"))
    open_interview(announced, acting_user=user("alpha_editor"))
    desk = editor.get(reverse("interview", args=[announced.pk])).content.decode()
    assert "什么时候到账" in desk and "另有 1 个相同提问" in desk
    say(announced, first.masked, "citizen", question=first)


def test_after_its_term_nobody_can_tell_who_asked(ask, announced, alpha):
    ask(f"我是{IDENTITY}。", name="苗女士")
    question = Question.objects.get()
    # Not before the interview has begun.
    with holding():
        assert forget_questions(alpha, [question.pk]) == 0
    later = announced.starts_at + timedelta(days=370)
    with time_machine.travel(later, tick=False):
        assert [(one.holder.code, one.site.code, one.rows) for one in erase_due(announced.starts_at)] == []
        assert [(one.holder.code, one.site.code, one.rows) for one in erase_due()] == [
            ("interview-questions", "alpha", 1)
        ]
        assert erase_due() == []
    kept = Question.objects.get()
    assert (kept.text, kept.contact, kept.content) == ("", None, "") and IDENTITY not in kept.masked and kept.masked
    with pytest.raises(Refused):
        look_at_asker(kept, acting_user=user("alpha_editor"))


def verb(*arguments, status=0):
    done = call_verb("interview", *map(str, arguments), "--site", "alpha", "--json")
    assert done.returncode == status, done.stderr + done.stdout
    return json.loads(done.stdout) if status == 0 else done.stdout + done.stderr


def test_the_whole_way_by_the_verb(announced, tmp_path):
    def words(text):
        path = tmp_path / "words.txt"
        path.write_text(text, encoding="utf-8")
        return ("--text", path)

    number, editor = announced.pk, ("--as", "alpha_editor")
    asked = verb("ask", number, *words(TEXT))["question"]
    assert verb("take", number, *editor, "--question", asked)["questions"][0]["state"] == "taken"
    verb("open", number, *editor, status=3)
    assert verb("decide", number, "--as", "alpha_secret", "--scope", "公开的")["decided"] is True
    assert verb("open", number, *editor)["state"] == "live"
    entry = verb("say", number, *editor, "--speaker", "citizen", "--question", asked, *words(TEXT))
    assert (entry["entry"], entry["shown"]) == (1, False)
    assert "看过新的一稿" in verb("clear", number, "--as", "alpha_content", "--entry", 1, "--wording", 9, status=3)
    assert verb("clear", number, "--as", "alpha_content", "--entry", 1)["shown"] is True
    verb("correct", number, *editor, "--entry", 1, *words("何时到账？"))
    assert verb("withdraw", number, "--as", "alpha_content", "--entry", 1, "--reason", "重复")["withdrawn"] is True
    verb("say", number, *editor, *words("今天到账。"))
    verb("clear", number, "--as", "alpha_content", "--entry", 2)
    assert verb("end", number, *editor)["state"] == "ended"
    assert verb("transcript", number, *editor)["revision"]
    assert verb("questions", number, *editor)["questions"][0]["text"] == TEXT
    verb("questions", number, status=2)
    verb("say", number, *editor, status=2)
    verb("stop", 0, "--as", "alpha_secret", "--reason", "x", status=3)
