"""How the addresses of a host are read: tried on an address, then changed with a reason, by operators."""

import json

import pytest
from django_tenants.utils import tenant_context

from govplatform.addresses.actions import set_host_rules
from govplatform.addresses.canonical import DEFAULT_RULES, Rules
from govplatform.addresses.entering import forget_rules
from govplatform.addresses.models import Address, HostRules
from govplatform.addresses.queries import old_hosts_of
from govplatform.addresses.resolving import resolve_url
from govplatform.addresses.trial import try_rules
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from tests.verbs import call_verb

from .conftest import ask, old

OLD = "old.gov.cn"
RULES = "/admin/ledger/rules/"
OF_OLD = f"{RULES}alpha/?host={OLD}"


@pytest.fixture
def shown(alpha, live):
    """Two pages of an old site, told apart by their number."""
    set_host_rules(alpha, OLD, Rules(significant=("id",)), reason="旧站按编号取文", acting_user=None)
    old(alpha, "/show.jsp?id=1", host=OLD, to_path="/news/article/")
    old(alpha, "/show.jsp?id=2", host=OLD, to_path="/news/second/")
    return alpha


def typed(**more):
    """What the form sends for the rules by default."""
    return {
        "significant": "id",
        "charset": "utf-8",
        "fold_case": "on",
        "default_documents": "\n".join(DEFAULT_RULES.default_documents),
        "legacy_extensions": "\n".join(DEFAULT_RULES.legacy_extensions),
        **more,
    }


def half_a_minute_later(tenant):
    """What each host and process knows of the rules ends by then."""
    with tenant_context(tenant):
        for host in (OLD, "alpha.localhost"):
            forget_rules(tenant, host)


def test_hosts_are_listed_with_their_rules(shown, beta, console):
    old(beta, "/x.htm", host="other.gov.cn", to_path="/news/")
    browser = console("operator", "console")
    html = browser.get(RULES).content.decode()
    for words in (OLD, "other.gov.cn", "alpha.localhost", "<code>id</code>", "平台默认", "自定", "同本站"):
        assert words in html, words
    assert old_hosts_of([shown, beta]) == {shown.pk: [OLD], beta.pk: ["other.gov.cn"]}
    assert "other.gov.cn" not in browser.get(RULES, {"q": OLD}).content.decode()
    assert "没有这样的域名" in browser.get(RULES, {"q": "nobody.gov.cn"}).content.decode()


def test_they_are_tried_without_being_changed(shown, console):
    browser = console("operator", "console")
    before = list(Address.objects.values_list("pk", "path", "key", "loose"))
    html = browser.get(OF_OLD).content.decode()
    assert ">id</textarea>" in html.replace("\n", "")
    tried = typed(significant="id\nlang", address=f"http://{OLD}/SHOW.jsp?id=2&lang=en&x=3#top", act="try")
    html = browser.post(OF_OLD, tried).content.decode()
    assert "/SHOW.jsp?id=2&amp;lang=en" in html and "/show?id=2&amp;lang=en" in html
    now, after = html.partition("按试用的规则答复")[::2]
    assert "http://alpha.localhost:8000/news/second/" in now and "没有登记" in after
    html = browser.post(OF_OLD, typed(address="/Show.html?id=1", act="try")).content.decode()
    assert "http://alpha.localhost:8000/news/article/" in html.partition("按试用的规则答复")[2]
    case_counts = {
        name: value for name, value in typed(address="/Show.html?id=1", act="try").items() if name != "fold_case"
    }
    assert "没有登记" in browser.post(OF_OLD, case_counts).content.decode().partition("按试用的规则答复")[2]
    assert "这不是网址" in browser.post(OF_OLD, typed(address="ftp:x", act="try")).content.decode()
    assert "请写要试的网址" in browser.post(OF_OLD, typed(act="try")).content.decode()
    assert list(Address.objects.values_list("pk", "path", "key", "loose")) == before
    assert Entry.objects.filter(act="ledger.rules").count() == 1


def test_a_trial_says_that_two_addresses_would_be_one(shown, console):
    browser = console("operator", "console")
    html = browser.post(OF_OLD, typed(significant="", address="/show.jsp?id=1", act="try")).content.decode()
    assert "会成为同一个网址，不能保存" in html
    saved = browser.post(OF_OLD, typed(significant="", reason="不看编号", act="save"))
    assert saved.status_code == 400 and "会成为同一个网址" in saved.content.decode()
    assert HostRules.objects.get(tenant=shown, host=OLD).significant == ["id"]


def test_they_are_changed_with_a_reason(shown, console):
    browser = console("operator", "console")
    assert resolve_url(f"http://{OLD}/show.cgi?id=1").status == 404
    given = typed(legacy_extensions=".jsp\n.CGI", significant="id，lang", act="save")
    bare = browser.post(OF_OLD, given)
    assert bare.status_code == 400 and "请写明理由" in bare.content.decode() and ".CGI" in bare.content.decode()
    assert browser.post(OF_OLD, {**given, "reason": "旧站两种扩展名"}).status_code == 302
    half_a_minute_later(shown)
    with tenant_context(shown):
        assert resolve_url(f"http://{OLD}/show.cgi?id=1").location.endswith("/news/article/")
    kept = HostRules.objects.get(tenant=shown, host=OLD)
    assert (kept.legacy_extensions, kept.significant) == ([".jsp", ".cgi"], ["page", "p", "id", "lang"])
    entry = Entry.objects.filter(act="ledger.rules").latest("pk")
    assert entry.actor_name.startswith("平台运维") and entry.detail["reason"] == "旧站两种扩展名"


def test_those_of_the_site_itself(shown, console):
    browser = console("operator", "console")
    assert ask("/news/article.php4").status_code == 404
    given = typed(significant="", legacy_extensions=".php4", reason="旧模板", act="save")
    assert browser.post(f"{RULES}alpha/", given).status_code == 302
    half_a_minute_later(shown)
    assert ask("/news/article.php4").headers["Location"] == "/news/article/"
    # The home page and the lists are where they were.
    assert ask("/news/").status_code == 200 and ask("/news/article/").status_code == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"significant": "x" * 61}, "不超过 60 个字"),
        ({"significant": "a=b"}, "不能用"),
        ({"default_documents": "a/b.html"}, "不能用"),
        ({"legacy_extensions": "html"}, "要以“.”开头"),
        ({"legacy_extensions": "."}, "要以“.”开头"),
        ({"significant": "\n".join(f"p{n}" for n in range(101))}, "最多写 100 个"),
        ({"charset": "utf-7"}, "utf-7"),
    ],
)
def test_what_no_rule_can_be(shown, console, given, words):
    answer = console("operator", "console").post(OF_OLD, typed(reason="试", act="save", **given))
    assert answer.status_code == 400 and words in answer.content.decode()
    assert HostRules.objects.get(tenant=shown, host=OLD).significant == ["id"]


def test_a_host_that_the_site_does_not_answer_for(shown, console):
    browser = console("operator", "console")
    for place in (f"{RULES}alpha/?host=nobody.gov.cn", f"{RULES}nowhere/", f"{RULES}console/"):
        assert browser.get(place).status_code == 404


def test_a_large_host_is_compared_when_it_is_saved(shown, monkeypatch, console):
    monkeypatch.setattr("govplatform.addresses.trial.COMPARED", 1)
    trial = try_rules(shown, OLD, Rules(significant=()), "/show.jsp?id=1")
    assert (trial.path, trial.answer, trial.same) == ("/show.jsp", None, None)
    html = console("operator", "console").post(OF_OLD, typed(address="/show.jsp?id=1", act="try")).content.decode()
    assert "试用不逐个比较" in html


def test_by_verb(shown):
    words = ("ledger", "rules", "--site", "alpha", "--host", OLD, "--parameter", "id", "--as", "operator", "--json")
    tried = json.loads(call_verb(*words, "--extension", ".cgi", "--try", "/Show.cgi?id=1").stdout)
    assert (tried["path"], tried["loose"]) == ("/Show.cgi?id=1", "/show?id=1")
    assert (tried["now"]["status"], tried["answer"]["status"]) == (404, 404)
    both = (*words, "--extension", ".cgi", "--extension", ".jsp")
    assert json.loads(call_verb(*both, "--try", "/Show.cgi?id=1").stdout)["answer"]["status"] == 301
    assert call_verb(*both).returncode == 3
    assert call_verb(*both, "--reason", "旧站").returncode == 0
    assert resolve_url(f"http://{OLD}/Show.cgi?id=1").status == 301
    refused = call_verb("ledger", "rules", "--site", "alpha", "--try", "/x", "--as", "alpha_admin", "--json")
    assert refused.returncode == 3
    with pytest.raises(Refused, match="要以"):
        set_host_rules(shown, OLD, Rules(legacy_extensions=("html",)), reason="试", acting_user=None)
