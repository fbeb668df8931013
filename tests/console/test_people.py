"""Accounts and roles in the console."""

from govplatform.accounts.models import Membership, User
from tests.cast import PASSWORD

GOOD = "Shui-ku-2026"


def messages_of(response):
    return response.content.decode()


def test_an_administrator_sees_the_own_site_s_people_alone(alpha, console):
    html = messages_of(console("alpha_admin", "alpha").get("/admin/people/"))
    assert "甲编辑" in html
    assert "乙编辑" not in html
    assert "平台运维" not in html


def test_a_person_of_another_site_is_not_found(alpha, console, person):
    client = console("alpha_admin", "alpha")
    address = f"/admin/people/{person('beta_editor').pk}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"act": "revoke", "role": "editor"}).status_code == 404


def test_a_new_account_is_offered_its_first_role(alpha, console):
    sent = {"create": "1", "username": "xinren", "full_name": "新人", "role": "editor"}
    response = console("alpha_admin", "alpha").post("/admin/people/new/", sent)
    user = User.objects.get(username="xinren")
    assert "/admin/start/" in messages_of(response)
    assert list(user.role_offers.values_list("tenant__code", "role", "state")) == [("alpha", "editor", "waiting")]
    assert not user.memberships.exists() and not user.has_usable_password()


def test_a_role_that_does_not_exist_here_leaves_no_account_behind(alpha, console):
    sent = {"create": "1", "username": "xinren", "full_name": "新人", "role": "operator"}
    console("alpha_admin", "alpha").post("/admin/people/new/", sent)
    taken = {"create": "1", "username": "alpha_editor", "full_name": "新人", "role": "editor"}
    assert "已经有人使用" in messages_of(console("alpha_admin", "alpha").post("/admin/people/new/", taken))
    assert not User.objects.filter(full_name="新人").exists()


def test_separation_is_refused_with_its_reason(alpha, console, person):
    user = person("alpha_editor")
    sent = {"act": "grant", "site": alpha.pk, "role": "content-reviewer"}
    html = messages_of(console("alpha_admin", "alpha").post(f"/admin/people/{user.pk}/", sent))
    assert "须由不同的人担任" in html
    assert not Membership.objects.filter(user=user, role="content-reviewer").exists()


def test_an_operator_s_role_cannot_be_given_on_a_site(alpha, console, person):
    sent = {"join": "1", "join-username": "outsider", "join-role": "operator"}
    assert console("alpha_admin", "alpha").post("/admin/people/new/", sent).status_code == 200
    assert not Membership.objects.filter(user=person("outsider")).exists()


def test_a_role_is_taken_away(alpha, console, person):
    user = person("alpha_editor2")
    sent = {"act": "revoke", "role": "editor"}
    response = console("alpha_admin", "alpha").post(f"/admin/people/{user.pk}/", sent)
    assert response.headers["Location"] == "/admin/people/"
    assert not Membership.objects.filter(user=user).exists()


def test_closing_accounts_and_passwords_is_the_operators_business(alpha, console, person):
    user = person("alpha_editor2")
    client = console("alpha_admin", "alpha")
    for act in ("deactivate", "password"):
        sent = {"act": act, "reason": "离职", "password": GOOD}
        assert client.post(f"/admin/people/{user.pk}/", sent).status_code == 404
    operator = console("operator", "console")
    assert "乙编辑" in messages_of(operator.get("/admin/people/"))
    assert "理由" in messages_of(operator.post(f"/admin/people/{user.pk}/", {"act": "deactivate", "reason": ""}))
    operator.post(f"/admin/people/{user.pk}/", {"act": "deactivate", "reason": "离职"})
    user.refresh_from_db()
    assert not user.is_active


def test_others_do_not_manage_people(alpha, console):
    for who in ("alpha_editor", "alpha_content", "alpha_auditor"):
        assert console(who, "alpha").get("/admin/people/").status_code == 403


def test_the_own_password_is_changed_by_the_rules(alpha, console, person):
    client = console("alpha_editor", "alpha")
    sent = {"theme-theme": "light", "theme-density": "default", "theme-contrast": "system",
            "password-old_password": PASSWORD}  # fmt: skip
    weak = {"password-new_password1": "12345678901", "password-new_password2": "12345678901"}
    assert client.post("/admin/account/", {**sent, **weak}).status_code == 200
    good = {"password-new_password1": GOOD, "password-new_password2": GOOD}
    assert client.post("/admin/account/", {**sent, **good}).status_code == 302
    assert person("alpha_editor").check_password(GOOD)
