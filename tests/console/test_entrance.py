"""Coming in, being kept out, and being told why."""

from django.contrib.sessions.models import Session
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.cast import PASSWORD


def test_without_a_role_here_one_is_told_where_one_has_one(db, console):
    client = console("beta_editor", "beta")
    client.defaults["HTTP_HOST"] = "alpha.console.localhost"
    response = client.get("/admin/", follow=True)
    html = response.content.decode()
    assert response.status_code == 403
    assert "你在本站没有任职" in html
    assert "http://beta.console.localhost:8000/admin/" in html
    assert len(response.redirect_chain) == 1


def test_without_any_role_one_is_told_so(db, client):
    client.defaults["HTTP_HOST"] = "alpha.console.localhost"
    response = client.post("/admin/login/", {"username": "outsider", "password": PASSWORD}, follow=True)
    assert "你还没有在任何网站任职" in response.content.decode()


def test_an_ended_session_is_named_on_the_sign_in_page(db, console):
    client = console("alpha_editor", "alpha")
    Session.objects.all().delete()
    response = client.get("/admin/", follow=True)
    assert "没有操作，已自动退出" in response.content.decode()


def test_a_first_visit_speaks_of_no_ended_session(db, client):
    client.defaults["HTTP_HOST"] = "alpha.console.localhost"
    html = client.get("/admin/", follow=True).content.decode()
    assert "自动退出" not in html
    assert "登录管理后台" in html


def test_repeated_failures_lock_the_account_and_say_so(db, client):
    client.defaults["HTTP_HOST"] = "alpha.console.localhost"
    for _attempt in range(5):
        response = client.post("/admin/login/", {"username": "alpha_editor", "password": "wrong"})
    assert response.status_code == 429
    assert "暂时不能登录" in response.content.decode()


def test_a_second_factor_is_set_up_and_then_asked_for(db, console, person):
    from django_otp.oath import totp

    client = console("alpha_editor", "alpha")
    html = client.get("/admin/second-factor/setup/").content.decode()
    assert "data:image/svg+xml" in html
    device = TOTPDevice.objects.get(user=person("alpha_editor"))
    client.post("/admin/second-factor/setup/", {"token": f"{totp(device.bin_key):06d}"})
    device.refresh_from_db()
    assert device.confirmed
    assert client.get("/admin/").status_code == 200
    other = console("alpha_editor", "alpha")
    response = other.get("/admin/", follow=True)
    assert "请输入动态口令" in response.content.decode()
    refused = other.post("/admin/second-factor/", {"token": "000000"}).content.decode()
    assert "动态口令不正确" in refused


def test_signing_out_ends_the_session(db, console):
    client = console("alpha_editor", "alpha")
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302
