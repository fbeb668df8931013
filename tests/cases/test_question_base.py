"""答问知识库: grown out of an answered letter, reviewed, found, offered before a letter and beside an answer."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.cases.actions import accept_case
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.queries import get_tenant
from search.indexing.actions import index_resource
from search.indexing.following import page_to_index
from sites.columns.actions import create_column
from sites.interaction.assigning import assign
from sites.interaction.models import PublicReply, QuestionEntry
from sites.interaction.question_base import draft_question
from sites.service_guides.models import ServiceItem
from tests.structured.samples import live

from .conftest import IDENTITY, TEXT, as_form, form_of, send_in
from .test_acts import afresh
from .test_life import cleared, handed_in, person
from .test_verbs import say

__all__ = ["say"]
_TITLE = "路灯坏了找谁报修？"


def public_letter():
    """A letter with a public answer of beta."""
    case, page = handed_in(text=f"{TEXT}我的证件是{IDENTITY}。")
    cleared(page)
    return afresh(case)


def found(page):
    """Have the search know the page."""
    index_resource(**page_to_index(page))


def test_from_a_letter_to_what_others_read(desk, citizen, console):
    case, beta = public_letter(), get_tenant("beta")
    editor = console("beta_editor", "beta")
    assert "收入答问知识库" in editor.get(f"/admin/cases/{case.pk}/").content.decode()
    to_edit = editor.post(f"/admin/cases/{case.pk}/", {"act": "question"})
    with tenant_context(beta):
        entry = QuestionEntry.objects.get()
        assert to_edit.url.endswith(f"/{entry.pk}/edit/") and not entry.live
        assert IDENTITY not in entry.question and entry.answer == "由城管局维修，已派工。"
        assert entry.look_again_on > timezone.localdate() + timedelta(days=360)
        create_column("guides", title="办事", column_type="services", acting_user=None)
        guide = live(ServiceItem, "beta", column="guides", title="城市照明报修")
        entry.title, entry.question, entry.about = _TITLE, "", guide
        entry.save_revision(user=person("beta_editor"))
        submit_for_review(entry, acting_user=person("beta_editor"))
    again = editor.post(f"/admin/cases/{case.pk}/", {"act": "question"}).content.decode()
    assert "已经收入答问知识库" in again and "打开由它收入的答问" in again
    entry = cleared(entry)
    with tenant_context(beta):
        found(entry)
        path, of_guide = site_path(entry), site_path(guide)
    at_home = citizen("beta")
    shown = at_home.get(path).content.decode()
    assert _TITLE in shown and "由城管局维修" in shown and of_guide in shown and "复核日期" not in shown
    assert case.number not in shown and TEXT not in shown
    assert path in at_home.get(of_guide).content.decode()
    # The answer names what was made of it, and the other way round.
    with tenant_context(beta):
        reply = PublicReply.objects.get(case_number=case.number)
        of_reply = site_path(reply)
        assert (reply.named_on(), entry.named_on()) == ([entry.pk], [reply.pk])
    assert of_reply in shown and path in at_home.get(of_reply).content.decode()
    assert path in at_home.get("/search/", {"q": "路灯", "kind": "question"}).content.decode()
    # Before a letter is written: a link, and after it was not taken a list, both without a script.
    form = at_home.get("/interaction/write/").content.decode()
    assert "/search/?kind=question" in form and _TITLE not in form
    fields = form_of(at_home.get("/interaction/write/")) | {"kind": "help", "title": "路灯坏了", "text": ""}
    refused = at_home.post("/interaction/write/", **as_form(fields))
    assert refused.status_code == 422 and _TITLE in refused.content.decode()
    hits = at_home.get("/api/search/", {"kind": "question", "scope": "all", "q": "路灯坏了"}).json()["hits"]
    assert [hit["title"] for hit in hits] == [_TITLE]
    # And to who answers the next one.
    other = send_in(title="路灯坏了").case
    accept_case(other, acting_user=person("alpha_clerk"))
    assign(other, beta, acting_user=person("alpha_clerk"))
    assert _TITLE in editor.get(f"/admin/cases/{other.pk}/").content.decode()


def test_only_from_what_is_public_and_by_who_answers(desk):
    case = public_letter()
    private = send_in(may_publish=False).case
    for one, who, why in (
        (private, "beta_editor", "没有公开的答复"),
        (case, "alpha_clerk", "没有编辑角色"),
        (case, "outsider", "没有编辑角色"),
    ):
        with pytest.raises(Refused, match=why):
            draft_question(one, acting_user=person(who))
    draft_question(case, acting_user=person("beta_editor"))
    with pytest.raises(Refused, match="已经收入"):
        draft_question(case, acting_user=person("beta_editor"))


def test_it_is_looked_at_again(desk, citizen, console):
    with tenant_context(get_tenant("beta")):
        page = live(QuestionEntry, "beta")
        path, day = site_path(page), page.look_again_on
    shown = console("beta_editor", "beta").get("/admin/cases/questions/").content.decode()
    assert page.title in shown and "到期复核" not in shown
    with patch("sites.interaction.question_entry.timezone.localdate", return_value=day):
        assert "已到复核日期" in citizen("beta").get(path).content.decode()
        with tenant_context(get_tenant("beta")):
            assert any("复核日期" in reason for reason in page.reasons_against_submitting())
    with (
        patch("sites.interaction.question_base.timezone.localdate", return_value=day),
        patch("sites.interaction.question_entry.timezone.localdate", return_value=day),
    ):
        shown = console("beta_editor", "beta").get("/admin/cases/questions/?show=due").content.decode()
    assert page.title in shown and "到期复核" in shown


def test_by_the_verb(desk, say):
    case = public_letter()
    assert say("question_base", "add", case.number, status=2) == {}
    assert say("question_base", "add", case.number, "--as", "outsider", status=3)["refused"]
    words = ("question_base", "add", case.number, "--as", "beta_editor", "--title", _TITLE)
    assert say(*words, "--look-again", "明年", status=2) == {}
    made = say(*words, "--look-again", "2099-01-05", "--submit")
    assert (made["title"], made["look_again_on"]) == (_TITLE, "2099-01-05")
    [listed] = say("question_base", "list", "--site", "beta")["questions"]
    assert listed == {
        "page": made["page"], "title": _TITLE, "live": False, "case": case.number, "about": None,
        "look_again_on": "2099-01-05", "due": False,
    }  # fmt: skip
    for reviewer in ("beta_content", "beta_secret"):
        words = ("--site", "beta", "--page", str(made["page"]), "--as", reviewer, "--approve", "--opinion", "同意。")
        say("review", *words)
    assert say("show_page", "--site", "beta", "--page", str(made["page"]))["status"] == "live"
    assert say("question_base", "check", "--site", "beta") == {"ok": True, "questions": []}
    with tenant_context(get_tenant("beta")):
        entry = QuestionEntry.objects.get()
    assert entry.look_again_on == date(2099, 1, 5)
