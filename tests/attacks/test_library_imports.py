"""Attacks through files from other platforms: nothing that nobody here reviewed is shown, and nothing hangs."""

import base64
import json
import uuid
import zipfile

import pytest
from django_tenants.utils import tenant_context

from content_library.distribution.reposting import is_public_address
from content_library.resources.exchange import export_resource, import_resource
from content_library.resources.foreign_html import clean_foreign_html
from content_library.resources.queries import get_resource
from govplatform.audit.sm3 import sm3_hex
from govplatform.confidentiality.models import Finding
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.tenancy.queries import get_tenant
from govplatform.untrusted_files.html import is_too_deep
from sites.reposts.markup import clean
from tests import factories
from tests.reposts.conftest import reposted_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(live, db, tmp_path):
    """A document of another platform, made from an export of alpha's."""
    export_resource(get_resource(live.resource("article").uuid), tmp_path / "out.json")
    made = json.loads((tmp_path / "out.json").read_text())
    made.update(uuid=str(uuid.uuid4()), platform="邻省平台", url="https://first.example.org/a")
    return made


@pytest.fixture
def bring(tmp_path):
    def run(made, site="beta"):
        path = tmp_path / "in.json"
        path.write_text(json.dumps(made))
        return import_resource(path, acting_user=factories.user(f"{site}_editor"), tenant=get_tenant(site))[0]

    return run


@pytest.fixture
def outside_policy(outside, live, tmp_path):
    export_resource(get_resource(live.resource("policy").uuid), tmp_path / "policy.json")
    made = json.loads((tmp_path / "policy.json").read_text())
    made.update(uuid=str(uuid.uuid4()), platform="邻省平台", url="https://first.example.org/p")
    made["metadata"]["title"] = "邻省的政策文件"
    return made


def next_of(made):
    """The next version of the same resource, as its platform exports it."""
    return {**made, "version": made["version"] + 1, "digest": "0" * 64}


@pytest.mark.parametrize(
    "html",
    ["<svg " * 200_000, "<script><style>" * 100_000, "<iframe" * 100_000],
    ids=["svg", "script", "iframe"],
)
def test_tags_that_never_end_do_not_stop_the_platform(html):
    assert "<s" not in clean_foreign_html(html, set()) and "<s" not in clean(html, set())


def test_bottomless_nesting_is_refused_before_it_is_parsed(outside, bring):
    outside["html"] = "<div>" * 300_000
    with pytest.raises(Refused, match="嵌套过深"):
        bring(outside)
    assert not is_too_deep("<p>" * 5_000 + "<ul><li>" * 100)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<style>body{}</style>", "<svg onload=alert(1)></svg>", "<math><mi>x</mi></math>",
        '<iframe src="https://evil.example"></iframe>', '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>', '<img src="data:image/png;base64,AAAA">',
        '<img src="https://evil.example/pixel.gif">', '<p style="position:fixed" onclick="x()">x</p>',
        '<a href=" jav&#x0A;ascript:alert(1)">x</a>', '<form action="https://evil.example"><input></form>',
        '<base href="https://evil.example">', '<link rel="stylesheet" href="https://evil.example">',
    ],
)  # fmt: skip
def test_nothing_in_foreign_html_acts_on_any_page(outside, bring, citizen, hostile):
    outside["html"] = f"<p>前</p>{hostile}"
    page = reposted_at("alpha", bring(outside), "pinned")
    html = citizen("alpha").get(site_path(page)).content.decode().lower()
    for word in ("alert(1)", "evil.example", "javascript:", "data:text", "data:image", "onclick", "position:fixed"):
        assert word not in html


@pytest.mark.parametrize("name", ["../../x.txt", "/etc/passwd", "a\\..\\b.txt", "..", "x\r\ny.txt"])
def test_names_of_files_lead_nowhere(outside, bring, name):
    data = b"bytes"
    outside["files"] = [
        {
            "kind": "document", "name": name, "title": "", "sm3": sm3_hex(data), "size": 5,
            "content_type": "text/plain", "base64": base64.b64encode(data).decode(),
        }
    ]  # fmt: skip
    with pytest.raises(Refused):
        bring(outside)


def test_a_zip_bomb_is_not_unpacked(outside, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("resource.json", b" " * (60 << 20))
    with pytest.raises(Refused, match="比声明的大"):
        import_resource(path, acting_user=factories.user("beta_editor"), tenant=get_tenant("beta"))


def test_an_import_does_not_overwrite_what_was_published_here(outside, live, bring):
    own = live.resource("article")
    outside.update(uuid=str(own.uuid), version=9)
    outside["metadata"]["title"] = "被改写"
    for site in ("alpha", "beta"):
        with pytest.raises(Refused, match="来源站点更正"):
            bring(outside, site)
    own.refresh_from_db()
    assert (own.title, own.status) == ("普通信息", "in_force")


def test_an_import_explains_nobodys_policy_before_somebody_reviewed_it(outside, live, bring, citizen):
    own = live.resource("policy")
    page = reposted_at("beta", own, column="policies")
    outside.update(kind="interpretation", interprets=str(own.uuid), url="https://evil.example/x")
    outside["metadata"]["title"] = "伪造的解读"
    explained = bring(outside)
    html = citizen("beta").get(site_path(page)).content.decode()
    assert "伪造的解读" not in html and "evil.example" not in html
    reposted_at("beta", explained, "pinned", column="interpretations")
    html = citizen("beta").get(site_path(page)).content.decode()
    assert "伪造的解读" in html and "evil.example" not in html


@pytest.mark.parametrize("mode", ["link", "pinned", "mirror"])
def test_the_next_import_does_not_lead_citizens_elsewhere(outside, bring, citizen, mode):
    resource = bring(outside)
    page = reposted_at("alpha", resource, mode)
    outside.update(version=2, url="https://evil.example/", digest="0" * 64)
    outside["html"] = "<p>另一版</p>"
    bring(outside)
    answer = citizen("alpha").get(site_path(page))
    if mode == "link":
        assert answer.url == "https://first.example.org/a"
    else:
        html = answer.content.decode()
        assert "first.example.org" in html and "evil.example" not in html and "另一版" not in html


@pytest.mark.parametrize(
    "url",
    ["http://alpha.console.localhost/admin/", "http://127.0.0.1:8000/", "http://[::1]/", "http://intranet/",
     "http://10.0.0.8/", "http://2130706433/", "http://[fec0::1]/", "http://192.0.0.9/"],
)  # fmt: skip
def test_a_link_leads_to_public_hosts_alone(outside, bring, url):
    outside["url"] = url
    resource = bring(outside)
    assert not is_public_address(url)
    with pytest.raises(Refused, match="公众能够访问"):
        reposted_at("alpha", resource, "link")


def test_what_no_browser_takes_for_an_address_is_none(outside, bring):
    outside["url"] = "http://2130706433.1/"
    with pytest.raises(Refused, match="有效的网址"):
        bring(outside)


@pytest.mark.parametrize(("url", "marks"), [("https://first.example.org/a", 1), ("https://www.example.gov.cn/a", 0)])
def test_the_link_to_a_source_beyond_government_sites_says_so(outside, bring, citizen, url, marks):
    outside.update(url=url, html="<p>文</p>")
    page = reposted_at("alpha", bring(outside), "pinned")
    html = citizen("alpha").get(site_path(page)).content.decode()
    line = html[html.index('<div class="reader-line">') :].split("reader-tools")[0]
    assert f'href="{url}"' in line
    assert line.count("external-mark") == line.count('rel="noopener noreferrer"') == marks


NEXT_WORDS = "没有人审过的下一版"


def test_the_next_import_puts_no_words_on_the_page_of_the_policy(outside, live, bring, citizen):
    own = live.resource("policy")
    page = reposted_at("beta", own, column="policies")
    outside.update(kind="interpretation", interprets=str(own.uuid))
    outside["metadata"]["title"] = "审过的解读"
    reposted_at("beta", bring(outside), "pinned", column="interpretations")
    outside["metadata"]["title"] = NEXT_WORDS
    bring(next_of(outside))
    for path in (site_path(page), "/"):
        html = citizen("beta").get(path).content.decode()
        assert "审过的解读" in html and NEXT_WORDS not in html, path


def test_nor_on_its_own_page_or_on_the_home_page(outside_policy, bring, citizen):
    outside_policy["metadata"].update(
        document_number="邻政发〔2026〕1号", validity="amended", validity_note="审过的说明"
    )
    page = reposted_at("beta", bring(outside_policy), "mirror", column="policies")
    outside_policy["metadata"].update(document_number=NEXT_WORDS, validity_note=NEXT_WORDS, title=NEXT_WORDS)
    bring(next_of(outside_policy))
    own_page = citizen("beta").get(site_path(page)).content.decode()
    assert "审过的说明" in own_page and NEXT_WORDS not in own_page
    home = citizen("beta").get("/").content.decode()
    assert "邻政发〔2026〕1号" in home and NEXT_WORDS not in home


def test_nor_on_the_page_that_explains_it(outside, outside_policy, bring, citizen):
    policy = bring(outside_policy)
    reposted_at("beta", policy, "pinned", column="policies")
    outside.update(kind="interpretation", interprets=str(policy.uuid))
    page = reposted_at("beta", bring(outside), "pinned", column="interpretations")
    assert policy.title in citizen("beta").get(site_path(page)).content.decode()
    outside_policy["metadata"].update(title=NEXT_WORDS, document_number=NEXT_WORDS)
    bring(next_of(outside_policy))
    html = citizen("beta").get(site_path(page)).content.decode()
    assert policy.title in html and NEXT_WORDS not in html


SECRET = "机密★10年"


@pytest.mark.parametrize(
    "field",
    ["title", "summary", "keywords", "author", "audience", "issued_by", "document_number", "index_number", "addressee",
     "signature", "validity_note"],
)  # fmt: skip
def test_every_word_that_the_page_of_a_repost_shows_is_scanned(outside_policy, bring, field):
    outside_policy["metadata"].update(validity="amended")
    outside_policy["metadata"][field] = SECRET
    page = reposted_at("beta", bring(outside_policy), "pinned", column="policies", live=False)
    assert "secrecy-mark" in found_in(page)


def test_so_is_whom_it_names_as_its_source(outside, bring):
    outside.update(organisation=SECRET)
    page = reposted_at("beta", bring(outside), "link", live=False)
    assert page.source == SECRET
    assert "secrecy-mark" in found_in(page)


def found_in(page):
    """The rules by which something was found in a repost on beta that was handed in."""
    with tenant_context(get_tenant("beta")):
        factories.submit(page, "beta_editor")
        return set(Finding.objects.filter(scan__page_id=page.pk).values_list("rule", flat=True))
