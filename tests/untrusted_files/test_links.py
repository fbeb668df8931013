"""An address leads where a browser would go, however it is written."""

import pytest

from govplatform.untrusted_files.links import host_of, is_below, plain_host, read_link, shown_host

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "address",
    [
        "https://ads.example/x",
        "//ads.example/x",
        "///ads.example/x",
        "/\\ads.example/x",
        "\\\\ads.example\\x",
        "https:\\\\ads.example/x",
        "http:/ads.example",
        "http:ads.example",
        "https:///ads.example/x",
        "ht\ntp://ads\t.exam\rple/x",
        "  https://ads.example/x  ",
        "\x01https://ads.example/x",
        "HTTPS://ADS.EXAMPLE./",
        "https://www.gov.cn@ads.example/",
        "https://www.gov.cn:80@ads.example/",
        "https://ads。example/",
        "https://ａｄｓ.example/",
        "https://a%64s.example/",
    ],
)
def test_a_browser_finds_the_host_behind_every_disguise(address):
    assert host_of(address) == "ads.example"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.gov.cn\\@ads.example/", "www.gov.cn"),
        ("https://例子.中国/", "xn--fsqu00a.xn--fiqs8s"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://[::1]:8000/", "[::1]"),
        ("https://gov.cn./", "gov.cn"),
    ],
)
def test_a_host_is_written_in_one_way(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize("address", ["", "#top", "?page=2", "/news/", "news/", "./x", "library", "\t/news/\n"])
def test_a_relative_address_stays(address):
    assert read_link(address).kind == "here"


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("mailto:a@b.cn", "mailto"), ("tel:12345", "tel"), ("java\tscript:alert(1)", "javascript"),
        ("data:text/html,<p>", "data"), ("file:///etc/passwd", "file"), ("blob:https://x.example/1", "blob"),
    ],
)  # fmt: skip
def test_an_address_without_a_host_says_its_scheme(address, scheme):
    link = read_link(address)
    assert (link.kind, link.scheme, link.host) == ("other", scheme, "")


@pytest.mark.parametrize(
    "address", ["http://[evil/", "http://[::1", "https://", "http:", "http://a b/", "http://x.example:99999/", "http://\ud800/"]
)  # fmt: skip
def test_what_no_browser_follows_is_invalid_and_never_an_exception(address):
    assert read_link(address).kind == "invalid"


def test_names_of_hosts_compare_whatever_they_were_typed_like():
    assert plain_host(" .GOV.cn. ") == "gov.cn"
    assert plain_host("例子.中国") == "xn--fsqu00a.xn--fiqs8s"
    assert shown_host("xn--fsqu00a.xn--fiqs8s") == "例子.中国"
    assert plain_host("no host") == "no host"
    assert is_below("www.gov.cn", ".gov.cn")
    assert is_below("gov.cn", "gov.cn")
    assert not is_below("notgov.cn", ".gov.cn")
    assert is_below("a.xn--fsqu00a.xn--fiqs8s", "例子.中国")
    assert not is_below("www.gov.cn", "")
