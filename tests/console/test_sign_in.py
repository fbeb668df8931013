"""Signing in on a console host; the public host knows no such thing."""


def test_the_console_opens_after_sign_in(console):
    client = console("alpha_editor", "alpha")
    response = client.get("/admin/")
    assert response.status_code == 200
    assert 'lang="zh-hans"' in response.content.decode()


def test_the_public_host_has_no_admin_and_sets_no_cookie(alpha, citizen):
    client = citizen("alpha")
    assert client.get("/admin/").status_code == 404
    response = client.get("/")
    assert response.status_code == 200
    assert not response.cookies


def test_an_unknown_host_is_refused(db, client):
    assert client.get("/", headers={"host": "nobody.localhost"}).status_code == 400
