"""The record is read as sentences: who did what to what, and what was changed, without codes."""

import getpass
import re

import pytest
from django.db import transaction
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import Entry
from govplatform.console.audit_details import DETAIL_WORDS
from govplatform.console.audit_sentences import SENTENCES, Names, names_in, say
from govplatform.console.audit_words import ACTS
from govplatform.tenancy.queries import get_tenant
from sites.home.models import HomePage

BY_THE_SHELL = [(str(DETAIL_WORDS["shell"]), getpass.getuser())]


def _said(act, *, obj=None, who=None, chain="site_alpha", **detail):
    with transaction.atomic():
        entry = record_act(act, acting_user=who, obj=obj, detail=detail, chain=chain)
    return say(entry, names_in([entry]))


@pytest.fixture
def editor(db):
    return User.objects.get(username="alpha_editor")


def test_every_sentence_is_of_an_act_and_names_what_has_words():
    assert SENTENCES.keys() <= ACTS.keys()
    for act, template in SENTENCES.items():
        named = set(re.findall(r"{(\w+)}", str(template)))
        assert named - {"who", "object"} <= DETAIL_WORDS.keys(), act


def test_an_approval(editor):
    alpha = get_tenant("alpha")
    said = _said(
        "review.approved", obj=alpha, who=editor, step="confidentiality", opinion="同意。", digest="3:ab", revision=4
    )
    assert said.sentence == f"{editor}通过了“{alpha}”的保密审查"
    assert said.details == [("意见", "同意。")]
    assert dict(said.rest) == {"内容摘要": "3:ab", "版本编号": "4"}


def test_a_role_with_the_site_s_name(editor):
    said = _said("role.grant", obj=editor, role="content-reviewer", site="beta")
    assert f"授予{editor}在{get_tenant('beta').full_name}的内容审核角色" in said.sentence
    assert said.details == []


def test_a_state_by_its_name(editor):
    said = _said("site.state", obj=get_tenant("alpha"), who=editor, before="live", after="retiring")
    assert "由“运行中”改为“关停中”" in said.sentence


@pytest.mark.parametrize(
    "detail",
    [
        {"changes": {"icp_number": ["云ICP备1号", "云ICP备2号"], "short_name": ["", "甲"], "code": ["alpha", "alpha"]}},
        {
            "before": {"icp_number": "云ICP备1号", "short_name": ""},
            "after": {"icp_number": "云ICP备2号", "short_name": "甲"},
        },
    ],
)
def test_changed_values_stand_beside_each_other(db, detail):
    said = _said("site.change", obj=get_tenant("alpha"), **detail)
    assert said.changes == [("ICP 备案号", "云ICP备1号", "云ICP备2号"), ("简称", "（空）", "甲")]
    assert (said.details, said.rest) == ([], BY_THE_SHELL)


def test_a_failed_sign_in_is_nobody_s_and_no_command(db, client):
    client.post("/admin/login/", {"username": "alpha_editor", "password": "wrong"}, HTTP_HOST="alpha.console.localhost")
    entry = Entry.objects.filter(act="account.sign_in_failed").latest("pk")
    sentence = say(entry, Names()).sentence
    assert sentence == "有人从127.0.0.1用用户名“alpha_editor”登录，没有成功"


def test_what_nobody_has_words_for_is_still_told(db):
    said = _said("new.act", obj=get_tenant("alpha"), brand_new="x")
    assert "new.act" in said.sentence
    assert (said.details, said.rest) == ([], [*BY_THE_SHELL, ("brand_new", "x")])


def test_an_entry_of_any_shape_is_said(db):
    for detail in (
        {"page": "x"},
        {"role": ["a"]},
        {"before": {"a": 1}, "after": "b"},
        {"changes": {"a": 1}},
        {"site": 3},
    ):
        for act in ("role.grant", "site.state", "scan.done", "site.change"):
            assert _said(act, obj=get_tenant("alpha"), **detail).sentence


def test_the_shell_is_named_and_behind_it_the_account_of_the_system(db):
    said = _said("account.create", obj=User.objects.get(username="alpha_editor"))
    assert said.sentence.startswith("命令行为")
    assert said.rest == BY_THE_SHELL


def test_codes_of_looks_and_sections_are_said_in_words(editor):
    look = _said(
        "site.change", obj=get_tenant("alpha"), who=editor,
        before={"colours": "blue", "traditional": "no"}, after={"colours": "teal", "traditional": "yes"},
    )  # fmt: skip
    assert [change[1:] for change in look.changes] == [("蓝", "青"), ("否", "是")]
    with tenant_context(get_tenant("alpha")):
        home, both = HomePage.objects.get(), ["services:titles", "policies:pairs"]
        str(home.content_type)
    arranged = _said("home.change", obj=home, who=editor, before={"sections": both[1:]}, after={"sections": both})
    assert arranged.changes[0][1:] == ("政策与解读（政策与解读对照）", "办事服务（文字）、政策与解读（政策与解读对照）")
    row = {
        "title": "横幅",
        "image": 7,
        "alt": "江面",
        "sm3": "48d79f024c7695c831b616d58967794868f7d26019b946d9310d2da3d1012754",
    }
    confirmed = _said("frame.confirm", obj=home, who=editor, before={"banner": []}, after={"banner": [row]})
    assert confirmed.changes[0][1:] == ("（空）", "标题：横幅；替代文字：江面")
