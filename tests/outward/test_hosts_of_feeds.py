"""Which hosts a source may be read from: plain addresses of the web that lead nowhere inside."""

import pytest

from content_library.harvesting.actions import add_source, harvest
from content_library.harvesting.fetching import (
    check_url,
    reason_against_address,
)
from govplatform.refusals import Refused

from .feed_documents import change, document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "0.0.0.0", "::", "169.254.169.254", "fe80::1", "::ffff:127.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "224.0.0.1", "240.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "255.255.255.255",
        # IANA's registries of special addresses
        "fec0::1", "feff::1", "3fff::1", "3fff:fff::1", "192.0.0.1", "192.0.0.9", "192.0.0.10", "192.0.0.170",
        "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1",
        "100::1", "100:0:0:1::1", "64:ff9b:1::1", "2001:1::1", "2001:10::1", "2001:20::1", "2001:db8::1", "5f00::1",
        "2620:4f:8000::1", "ff02::1", "::ffff:192.0.0.9", "2002:c000:9::1", "64:ff9b::c000:a",
    ],
)  # fmt: skip
@pytest.mark.unit
def test_this_machine_is_never_asked(address):
    assert reason_against_address(address, private=False) and reason_against_address(address, private=True)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "192.168.0.1", "172.16.0.1", "fd00::1", "100.64.0.1", "::ffff:10.0.0.1"]
)
@pytest.mark.unit
def test_internal_networks_are_for_registered_sources(address):
    assert reason_against_address(address, private=False)
    assert reason_against_address(address, private=True) is None


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
@pytest.mark.unit
def test_the_internet_may_be_asked(address):
    assert reason_against_address(address, private=False) is None


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://x/", "http://", "//x", "", "http://user:pw@x/", "http://x:99999/", "javascript:1",
        "http://x/\r\nHost: y", "http://[", "http://例/", "http://x/ y",
    ],
)  # fmt: skip
@pytest.mark.unit
def test_only_plain_web_addresses(url):
    with pytest.raises(Refused):
        check_url(url)


def test_without_the_setting_this_machine_is_refused(feed, run, settings):
    settings.HARVEST_LOCAL_HOSTS = []
    feed.says(change(document()))
    assert "本机" in run().error and not feed.asked


def test_a_name_that_leads_inside_is_refused(feed, run, settings, monkeypatch):
    settings.HARVEST_LOCAL_HOSTS = []
    source = add_source("有名字的", "http://rebind.example/", acting_user=None)
    answers = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.7", 80))]
    monkeypatch.setattr("content_library.harvesting.fetching.socket.getaddrinfo", lambda *_a, **_k: answers)
    assert "内部网络" in harvest(source).error


def test_who_may_register(person, feed):
    for username in ("alpha_editor", "alpha_admin", "outsider"):
        with pytest.raises(Refused):
            add_source("x", feed.url, acting_user=person(username))
    with pytest.raises(Refused, match="运维人员"):
        add_source("x", feed.url, acting_user=person("supervisor"), trusted=True)
    source = add_source("x", f"{feed.url}changes", acting_user=person("operator"), trusted=True)
    assert source.url == feed.url
    with pytest.raises(Refused, match="登记过"):
        add_source("y", feed.url.removesuffix("api/library/"), acting_user=person("supervisor"))
