"""Opening accounts: passwords, names, and what is refused."""

import json

import pytest

from govplatform.accounts.actions import create_user, deactivate_user, set_password
from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.refusals import Refused

GOOD = "Shui-ku-2026"


@pytest.fixture
def verb(verb_inside):
    return verb_inside


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "密码"),
        ("Ab1-", "密码"),
        ("shuikuyaodao", "至少三种"),
        ("shuiku202611", "至少三种"),
        ("8203948576120394", "密码"),
        ("Password123", "密码"),
        ("Zhangsanfeng-1", "密码"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(db, password, why):
    with pytest.raises(Refused, match=why):
        create_user("zhangsanfeng", full_name="张三丰", password=password, acting_user=None)
    assert not User.objects.filter(username="zhangsanfeng").exists()


@pytest.mark.parametrize("password", ["Shuiku2026", "shui-ku-2026", "Shui-Ku-Yao"])
def test_three_kinds_of_characters_are_enough(db, password):
    user = create_user("zhangsan", full_name="张三", password=password, acting_user=None)
    assert user.check_password(password)
    assert not Entry.objects.filter(detail__icontains=password).exists()


@pytest.mark.parametrize("username", ["alpha_editor", "Alpha_Editor", "ALPHA_EDITOR"])
def test_a_name_that_is_taken_is_refused(db, username):
    with pytest.raises(Refused, match="已经有人使用"):
        create_user(username, full_name="某人", password=GOOD, acting_user=None)


@pytest.mark.parametrize(
    ("username", "full_name"), [("", "某人"), ("有 空格", "某人"), ("a" * 151, "某人"), ("ok", " "), ("ok", "长" * 61)]
)
def test_an_illegal_name_is_refused(db, username, full_name):
    with pytest.raises(Refused):
        create_user(username, full_name=full_name, password=GOOD, acting_user=None)
    assert not User.objects.filter(username=username).exists()


def test_every_reason_is_told_at_once(db):
    with pytest.raises(Refused) as refusal:
        create_user("alpha_editor", full_name="", password="abc", acting_user=None)
    told = "".join(refusal.value.reasons)
    assert "姓名" in told
    assert "已经有人使用" in told
    assert "密码" in told


def test_the_verb_takes_the_password_from_a_file(verb, tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{GOOD}\n", encoding="utf-8")
    words = ("create_user", "xinren", "--full-name", "新人", "--password-file", str(file), "--json")
    assert json.loads(verb(*words).stdout) == {"user": "xinren", "roles": []}
    again = verb(*words)
    assert again.returncode == 3
    assert json.loads(again.stdout)["refused"]
    assert verb(*words[:4], "--password-file", str(tmp_path / "none"), "--json").returncode == 2


def test_one_s_own_password_and_another_s(db, person):
    user = person("alpha_editor")
    set_password(user, GOOD, acting_user=user)
    assert person("alpha_editor").check_password(GOOD)
    for other in (user, person("operator"), person("alpha_admin")):
        with pytest.raises(Refused, match="密码只由本人设定"):
            set_password(person("alpha_editor2"), GOOD, acting_user=other)
    with pytest.raises(Refused, match="密码"):
        set_password(user, "short", acting_user=user)


def test_closing_an_account_needs_a_reason_and_another_person(db, person):
    operator = person("operator")
    with pytest.raises(Refused, match="理由"):
        deactivate_user(person("alpha_editor"), reason=" ", acting_user=operator)
    with pytest.raises(Refused, match="自己"):
        deactivate_user(operator, reason="离职", acting_user=operator)
    deactivate_user(person("alpha_editor"), reason="离职", acting_user=operator)
    assert not person("alpha_editor").is_active
    assert Entry.objects.get(act="account.deactivate").detail == {"reason": "离职"}
