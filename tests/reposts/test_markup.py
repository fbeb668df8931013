"""HTML from elsewhere: what is on the list stays, everything else is gone, whatever it is hidden in."""

import pytest

from sites.reposts.markup import clean

pytestmark = pytest.mark.unit
SM3 = "a" * 64
FILES = {(SM3, "picture.jpg"), (SM3, "附表.docx")}


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<ScRiPt src=//evil.example/x.js></sCrIpT >",
        "<script>alert(1)",
        '<img src="x" onerror="alert(1)">',
        f'<img src="library:blob/{SM3}/picture.jpg" onload="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href="//evil.example/">x</a>',
        '<a href="/admin/">x</a>',
        '<iframe src="https://evil.example/alert"></iframe>',
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)"></svg>',
        "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
        "<style>body{background:url(https://evil.example/alert)}</style>",
        '<p style="background:url(https://evil.example/alert)">x</p>',
        '<div class="skip-link" id="main">x</div>',
        '<form action="https://evil.example/alert"><input name="password"></form>',
        '<meta http-equiv="refresh" content="0;url=https://evil.example/alert">',
        '<link rel="stylesheet" href="https://evil.example/alert.css">',
        '<base href="https://evil.example/alert/">',
        '<object data="https://evil.example/alert"></object>',
        '<video poster="https://evil.example/alert"><source srcset="https://evil.example/alert 1x"></video>',
        f'<img srcset="library:blob/{SM3}/picture.jpg 1x, https://evil.example/alert 2x">',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<!--<img src='--><img src=x onerror=alert(1)>//'>",
        "<p><table><template><img src=x onerror=alert(1)></template></table>",
    ],
)
def test_nothing_hostile_gets_through(hostile):
    shown = clean(f"<p>前</p>{hostile}<p>后</p>", FILES).lower()
    for forbidden in (
        "<script", "<svg", "<iframe", "<style", "<form", "<input", "<object", "<meta", "<link", "<base", "<math",
        "onerror=", "onload=", "javascript:", "evil.example", "style=", "skip-link", " id=", 'href="/', "data:",
    ):  # fmt: skip
        if forbidden in shown:
            # escaped text is only text
            assert f"&lt;{forbidden[1:]}" in shown or ("<img" not in shown and "&lt;" in shown), (forbidden, shown)
    assert "前" in shown


def test_files_of_the_version_get_this_sites_address_and_no_others():
    html = (
        f'<img src="library:blob/{SM3}/picture.jpg" alt="图" width="8" height="9">'
        f'<p><a href="library:blob/{SM3}/附表.docx" download="">附表</a></p>'
        f'<p><a href="library:blob/{"b" * 64}/other.docx">别的</a></p>'
        f'<img src="library:blob/{SM3}/missing.jpg" alt="无">'
    )
    shown = clean(html, FILES)
    assert f'src="/library/files/{SM3}/picture.jpg"' in shown and 'width="8"' in shown
    assert f'href="/library/files/{SM3}/%E9%99%84%E8%A1%A8.docx"' in shown
    assert "b" * 64 not in shown and "missing.jpg" not in shown and "library:blob" not in shown


def test_what_our_own_blocks_write_stays():
    html = (
        '<div class="block-table"><div class="table-frame" role="region" tabindex="0" aria-label="表">'
        '<table><caption>表</caption><thead><tr><th scope="col">名</th></tr></thead><tr><td colspan="2">甲</td></tr>'
        "</table></div></div>"
        '<div class="block-rich_text"><p>一<b>二</b><sup>3</sup></p><ol><li>项</li></ol></div>'
        '<figure class="quotation"><blockquote><p>引</p></blockquote><figcaption>——某</figcaption></figure>'
        '<details class="fold"><summary>文字稿</summary><div><p>词</p></div></details>'
        '<p><a href="https://www.example.gov.cn/x/">链接</a></p>'
    )
    shown = clean(html, FILES)
    for kept in (
        'class="table-frame"', 'role="region"', 'tabindex="0"', "<caption>表</caption>", 'scope="col"', 'colspan="2"',
        "<b>二</b>", "<sup>3</sup>", "<ol><li>项</li></ol>", 'class="quotation"', "<summary>文字稿</summary>",
        'href="https://www.example.gov.cn/x/"',
    ):  # fmt: skip
        assert kept in shown, kept
