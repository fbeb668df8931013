"""A word of English in an editor's view is a bug."""

import re

import pytest

from tests.console.latin import Shown, latin_words
from tests.factories import column, draft_article, submit


def visible_words(content):
    """Latin words that a reader of the page meets."""
    return latin_words(Shown(content).parts)


@pytest.mark.parametrize(
    ("who", "site", "addresses"),
    [
        ("alpha_editor", "alpha", ["/admin/", "/admin/account/", "/admin/pages/", "/admin/pages/{column}/",
                                   "/admin/pages/add/articles/article/{column}/", "/admin/pages/{draft}/edit/",
                                   "/admin/pages/{waiting}/edit/", "/admin/pages/{live}/edit/",
                                   "/admin/pages/{live}/history/", "/admin/review/{waiting}/",
                                   "/admin/review/{draft}/emergency/",
                                   "/admin/pages/{draft}/delete/", "/admin/writing/copy/{draft}/",
                                   "/admin/writing/place/{draft}/", "/admin/writing/pin/{live}/",
                                   "/admin/writing/batch/plan/?id={draft}", "/admin/pages/{column}/add_subpage/",
                                   "/admin/pages/search/", "/admin/images/", "/admin/images/add/",
                                   "/admin/documents/", "/admin/documents/add/", "/admin/images/multiple/add/",
                                   "/admin/documents/multiple/add/"]),
        ("alpha_content", "alpha", ["/admin/", "/admin/review/", "/admin/review/{waiting}/",
                                    "/admin/review/published/", "/admin/review/{live}/withdraw/",
                                    "/admin/review/again/", "/admin/absence/", "/admin/frame-texts/",
                                    "/admin/incoming/", "/admin/own-offers/",
                                    "/admin/review/hand-over/?site=alpha&page={waiting}"]),
        ("supervisor", "console", ["/admin/", "/admin/review/again/", "/admin/review/withdraw-at-once/",
                                   "/admin/offers/", "/admin/identity-acts/", "/admin/account-resets/",
                                   "/admin/frame-texts/", "/admin/recalls/", "/admin/fleet/queues/"]),
        ("alpha_admin", "alpha", ["/admin/", "/admin/people/", "/admin/people/new/", "/admin/pages/{column}/",
                                  "/admin/pages/{column}/edit/", "/admin/pages/{column}/history/",
                                  "/admin/pages/add/columns/column/{column}/", "/admin/offers/",
                                  "/admin/frame-texts/", "/admin/incoming/", "/admin/index-numbers/"]),
        ("alpha_auditor", "alpha", ["/admin/", "/admin/audit/"]),
        ("operator", "console", ["/admin/", "/admin/fleet/", "/admin/fleet/new/", "/admin/people/",
                                 "/admin/rule-packs/", "/admin/rule-packs/national/", "/admin/consequences/",
                                 "/admin/account-resets/", "/admin/offers/", "/admin/frame-texts/",
                                 "/admin/fleet/queues/", "/admin/fleet/faults/", "/admin/fleet/batches/new/",
                                 "/admin/vocabularies/", "/admin/second-factor/setup/"]),
    ],
)  # fmt: skip
def test_no_english_is_left(alpha, live, console, who, site, addresses):
    draft, waiting = draft_article(), draft_article()
    submit(waiting)
    names = {"column": column("news").pk, "draft": draft.pk, "waiting": waiting.pk, "live": live("article").pk}
    client = console(who, site)
    left = {}
    for pattern in addresses:
        address = pattern.format(**names)
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code, response.headers.get("Location"))
        if words := visible_words(response.content.decode()):
            left[address] = words
    assert not left


#: A letter and a number, as nobody outside can look it up.
_SHORTHAND = re.compile(r"(?<![0-9A-Za-z_])[HJNIO] ?[0-9]{1,2}(?:\.[0-9]+)*(?![0-9A-Za-z_])")


def test_reviewers_read_the_article_that_a_finding_and_a_question_come_from(alpha, console):
    body = [{"type": "rich_text", "value": "<p>机密★10年</p><p>经办人手机13800138000，另附行政区划地图。</p>"}]
    page = draft_article(body=body)
    submit(page)
    shown = Shown(console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/").content.decode())
    text = " ".join(shown.parts)
    assert "《中华人民共和国政府信息公开条例》第十四条" in text
    assert "《中华人民共和国政府信息公开条例》第十五条" in text
    assert "《国务院办公厅关于进一步加强政府网站管理工作的通知》（国办函〔2011〕40号）第四条" in text, "the checklist"
    assert not _SHORTHAND.findall(text)


def test_the_sign_in_page_is_chinese(db, client):
    client.defaults["HTTP_HOST"] = "alpha.console.localhost"
    assert visible_words(client.get("/admin/login/").content.decode()) == []


def test_what_wagtail_joins_in_its_code_is_joined_as_in_chinese(alpha, console):
    inside = column()
    draft_article()
    editor = console("alpha_editor", "alpha")
    form = editor.get(f"/admin/pages/add/policies/interpretation/{inside.pk}/").content.decode()
    assert "<title>新建：政策解读" in re.sub(r"(?<=<title>)\s+", "", form) and "选择政策文件" in form
    listed = editor.get(f"/admin/pages/{inside.pk}/").content.decode()
    assert re.search(r"共 \d+ 项", listed) and "更新时间" in listed
