"""One list of HTML, and what each of its variations leaves out."""

import pytest

from govplatform.untrusted_files.html import BODY, DOCUMENT, DOCUMENT_INLINE, FOREIGN, AllowList, is_absolute

pytestmark = pytest.mark.unit
FILE = "library:blob/x"
LISTS = {"body": BODY, "foreign": FOREIGN, "document": DOCUMENT, "inline": DOCUMENT_INLINE}


def clean(which: AllowList, html: str) -> str:
    return which.clean(html, is_file=lambda address: address == FILE)


@pytest.mark.parametrize("name", ["foreign", "document", "inline"])
def test_no_variation_allows_what_the_list_does_not(name):
    varied = LISTS[name]
    assert varied.tags <= BODY.tags
    assert varied.classes <= BODY.classes
    for tag, names in varied.attributes.items():
        assert names <= BODY.attributes[tag], tag


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<script>alert(1)", '<svg onload="alert(1)"></svg>', "<style>p{}</style>",
        '<iframe src="https://evil.example/"></iframe>', '<p onclick="x()" style="color:red" id="main">词</p>',
        '<a href="javascript:alert(1)">词</a>', '<a href="java\tscript:alert(1)">词</a>',
        '<a href="&#106;avascript:alert(1)">词</a>', '<a href="data:text/html,x">词</a>', '<a href="/admin/">词</a>',
        '<a href="//evil.example/">词</a>', '<a href="http://[evil/">词</a>',
        '<a href="https:&#x5c;evil.example">词</a>',
        '<img src="https://evil.example/x.png" onerror="x()">', '<div class="skip-link">词</div>',
        "<textarea><p>词</p></textarea>", "<!-- 词 -->", '<form action="https://evil.example/"><input></form>',
    ],
)  # fmt: skip
def test_nothing_that_acts_or_leads_astray_stays_in_any_of_them(name, hostile):
    cleaned = clean(LISTS[name], f"<p>前</p>{hostile}").lower()
    for forbidden in ("script", "alert", "svg", "style", "iframe", "onclick", "onerror", "evil.example", "/admin/",
                      "data:", "id=", "skip-link", "textarea", "form", "<!--", "[evil"):  # fmt: skip
        assert forbidden not in cleaned, cleaned
    assert "前" in cleaned


@pytest.mark.parametrize(
    ("html", "kept_in"),
    [
        ("<p>词</p>", {"body", "foreign", "document"}),
        ("<b>词</b>", {"body", "foreign", "document", "inline"}),
        ('<a href="https://www.gov.cn/">词</a>', {"body", "foreign", "document", "inline"}),
        (f'<a href="{FILE}">词</a>', {"body", "foreign", "document", "inline"}),
        ('<ol start="3"><li>词</li></ol>', {"body", "foreign", "document"}),
        ("<s>词</s>", {"body", "foreign"}),
        ('<div class="block-table">词</div>', {"body", "foreign"}),
        ('<div class="table-frame">词</div>', {"body"}),
        ('<span class="visually-hidden">词</span>', {"body"}),
        ('<div role="region" tabindex="0" aria-label="表">词</div>', {"body"}),
        (f'<a href="{FILE}" download="">词</a>', {"body"}),
        (f'<img src="{FILE}" alt="图" width="8">', {"body", "foreign"}),
        (f'<img src="{FILE}" alt="图 &lt;b&gt;">', {"body"}),
        (f'<video src="{FILE}" controls preload="none"></video>', {"body", "foreign"}),
        ('<table><tbody><tr><td colspan="2">词</td></tr></tbody></table>', {"body", "foreign"}),
    ],
)
def test_what_each_of_them_keeps(html, kept_in):
    assert {name for name, which in LISTS.items() if clean(which, html) == html} == kept_in


def test_values_of_attributes_are_looked_at():
    assert "colspan" not in clean(BODY, '<table><tr><td colspan="999999">词</td></tr></table>')
    assert 'loading="eager"' in clean(BODY, f'<img src="{FILE}" loading="eager">')
    assert "loading" not in clean(BODY, f'<img src="{FILE}" loading="x">')
    assert "srcset" in clean(BODY, f'<img src="{FILE}" srcset="{FILE} 1x, {FILE} 2x">')
    assert "srcset" not in clean(BODY, f'<img src="{FILE}" srcset="{FILE} 1x, https://evil.example/ 2x">')


@pytest.mark.parametrize("name", LISTS)
def test_cleaning_twice_changes_nothing(name):
    html = (
        '<p>a &amp; b <b>c</b></p><ul><li>一<a href="https://x.example/?a=1&amp;b=2">二</a></li></ul><table><tr><td>三'
    )
    once = clean(LISTS[name], html)
    assert clean(LISTS[name], once) == once


def test_a_list_is_told_apart_by_what_it_allows():
    other = AllowList(tags=BODY.tags - {"u"}, attributes=BODY.attributes, classes=BODY.classes)
    assert len({BODY.fingerprint, FOREIGN.fingerprint, DOCUMENT.fingerprint, other.fingerprint}) == 4


def test_which_links_are_absolute():
    assert is_absolute("https://x.example/") and is_absolute("mailto:a@b.cn") and is_absolute("TEL:+86")
    for address in ("", "/x", "#x", "//x.example", "https://", "http:/x", "ftp://x.example/", "javascript:x"):
        assert not is_absolute(address), address
