"""Two ways of writing the same address have the same form, and what is no address has none."""

import pytest

from govplatform.addresses.canonical import (
    DEFAULT_RULES,
    LONGEST,
    Rules,
    forms_of,
    forms_of_path,
    location_of,
    split_url,
    stored_form,
)

pytestmark = pytest.mark.unit


def exact(text, rules=DEFAULT_RULES):
    return [form.path for form in forms_of_path(text, rules)]


def loose(text, rules=DEFAULT_RULES):
    return {form.loose for form in forms_of_path(text, rules)}


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("/news/", "/news/"),
        ("/news//x/", "/news/x/"),
        ("//news/x", "/news/x"),
        ("/news/./x/../y/", "/news/y/"),
        ("/news/#top", "/news/"),
        ("/news/?utm_source=weixin", "/news/"),
        ("/news/?b=2&page=3&a=1", "/news/?page=3"),
        ("/news/?page=1", "/news/"),
        ("/%6eews/", "/news/"),
        ("/a%2Fb", "/a/b"),
        ("/a\\b", "/a/b"),
        ("/view.jsp;jsessionid=0A1B?x=1", "/view.jsp"),
        ("/50%25.html", "/50%25.html"),
        ("/what%3F.html", "/what%3F.html"),
        ("/%E9%80%9A%E7%9F%A5/", "/通知/"),
        ("/通知/", "/通知/"),
    ],
)
def test_the_exact_form(written, form):
    assert exact(written)[0] == form


@pytest.mark.parametrize(
    "ways",
    [
        ["/news", "/news/", "/NEWS/", "/News/Index.html", "/news/index.jsp", "/news/default.aspx", "/news.html"],
        ["/art/2019/a.shtml", "/art/2019/A.html", "/ART/2019/a"],
        ["/news/?page=2", "/NEWS?page=2", "/news/index.html?Page=2&from=x"],
        ["/", "", "/index.htm"][::2],
    ],
)
def test_the_loose_form(ways):
    assert len(set.union(*(loose(way or "/") for way in ways))) == 1


def test_what_differs_stays_apart():
    assert exact("/a.html") != exact("/a.jsp") != exact("/A.jsp")
    assert loose("/news/?page=2") != loose("/news/?page=3")
    assert loose("/news/feed.xml/") != loose("/news/feed.xml")
    assert loose("/.html") == {"/.html"}


def test_bytes_of_old_encodings():
    gbk = "/通知公告/关于放假.html".encode("gbk")
    assert [form.path for form in forms_of(gbk)] == ["/通知公告/关于放假.html"]
    # These bytes make sense in both: UTF-8 first, unless the host says otherwise, and never the one alone.
    assert "/通知/" in exact("/%CD%A8%D6%AA/")
    both = "模".encode("gbk")
    assert [form.path for form in forms_of(b"/" + both)] == ["/ģ", "/模"]
    assert [form.path for form in forms_of(b"/" + both, b"", Rules(charset="gbk"))] == ["/模", "/ģ"]
    assert exact("/%B3%71", Rules(charset="big5"))[0] == "/通"


def test_parameters_of_old_encodings():
    rules = Rules(significant=("name",))
    assert exact("/list.jsp?name=%CD%A8&x=1", rules)[-1] == "/list.jsp?name=%E9%80%9A"
    assert exact("/list.jsp?name=%E9%80%9A", rules)[0] == "/list.jsp?name=%E9%80%9A"


@pytest.mark.parametrize(
    "bad",
    ["news/", "", "/a%00b", "/a\x00b", "/a%0d%0aSet-Cookie:x", "/a\r\nb", "/../x", "/a/../../x",
     "/" + "x" * LONGEST, "/?page=%0d%0aX", "/%ff%ff%ff"],
)  # fmt: skip
def test_what_is_no_address(bad):
    assert forms_of_path(bad) == []


def test_letters_that_are_capital_in_no_other_way():
    assert loose("/STRASSE/") < loose("/straße/")
    # control characters of one encoding are letters of another: that reading alone is left
    assert exact("/a%C2%85b") == ["/a聟b"]
    assert "\u2028" not in "".join(exact("/a%E2%80%A8b"))
    assert exact("/İ/")[0] == "/İ/"
    kept = Rules(fold_case=False)
    assert loose("/A", kept) != loose("/a", kept)


def test_a_form_read_again_is_the_same():
    for written in ("/50%25 x?.html", "/通知/?page=3", "/a%3Fb%23c/", "/documents/3/附表 (1).txt", "/e\u0301.txt"):
        for form in forms_of_path(written):
            again = stored_form(form.path)
            assert (again.path, again.loose) == (form.path, form.loose)
            assert exact(location_of(form.path))[0] == form.path


def test_a_location_is_a_path_of_the_same_host_in_ascii():
    assert location_of("/通知/50%25?page=2") == "/%E9%80%9A%E7%9F%A5/50%25?page=2"
    for bad in (
        "//evil.example/",
        "/\\evil.example/",
        "https://evil.example/",
        "evil",
        "/a\r\nSet-Cookie: x=1",
        "/\x00",
    ):
        with pytest.raises(ValueError, match="no path"):
            location_of(bad)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://Old.Example.CN:8080/a?b=1", ("old.example.cn", "/a?b=1")),
        ("http://old.example.cn", ("old.example.cn", "/")),
        ("http://old.example.cn?x=1", ("old.example.cn", "/?x=1")),
        ("https:evil.example", None),
        ("//evil.example/", None),
        ("\\\\evil.example", None),
        ("https:\\\\evil.example/", None),
        ("https:///evil.example/", None),
        ("https://good.example\\@evil.example/", None),
        ("https://good@evil.example/", None),
        ("javascript://old.example.cn/%0aalert(1)", None),
        ("http://old.example.cn/\r\nX: y", None),
        ("http://old example.cn/", None),
        ("ftp://old.example.cn/", None),
    ],
)
def test_the_host_of_a_whole_address(url, parts):
    assert split_url(url) == parts


def test_characters_written_as_themselves_are_not_read_in_the_old_encoding_of_their_host():
    rules = Rules(charset="gbk")
    assert forms_of_path("/通知/公告.htm", rules)[0].path == "/通知/公告.htm"
    assert forms_of_path("/%CD%A8%D6%AA/%B9%AB%B8%E6.htm", rules)[0].path == "/通知/公告.htm"
