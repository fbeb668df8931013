"""What the configuration of nginx says, as it is written and as nginx reads it."""

import re
from pathlib import Path
from typing import Any

import pytest

from govplatform.delivery.front.configuration import SHIPPED, Installation, write_configuration
from govplatform.delivery.front.hosts import sorted_hosts
from govplatform.delivery.front.rules import release_files
from sites.urls import urlpatterns

from .front import Front

pytestmark = pytest.mark.nginx


def test_what_is_made_live_is_said_to_be_so():
    """Of each first name of an address that a view answers by itself no file says that nothing is there."""
    made = {"robots.txt", "favicon.ico", "sitemap.xml", "sitemap", "error-report"}
    firsts = {re.sub(r"^\^|[?$(<].*", "", str(one.pattern)).partition("/")[0] for one in urlpatterns}
    live = re.search(r"\(\?:(.+)\)\(", release_files()["release_places.conf"].partition("$release_made_live")[2])
    assert live is not None
    # files of every release: their place is known
    assert firsts - made - {"", ".answers"} <= {name.replace("\\", "") for name in live[1].split("|")}


def test_the_shipped_rules_are_those_of_the_layout(settings: Any):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for name, text in release_files().items():
        shipped = SHIPPED / "govplatform" / name
        assert shipped.read_text() == text, f"run `manage.py nginx_config` and copy govplatform/{name} to {shipped}"


def test_ten_thousand_hosts_load(tmp_path: Path):
    names = {f"site-{number}.{'long-' * 20}name.example.gov.cn" for number in range(10_000)}
    hosts = sorted_hosts({"public": names | {'x"; } server { }', "a..b", "UPPER"}, "archive": set(), "console": set()})
    assert (hosts.count, len(hosts.left_out)) == (10_000, 3)
    many = Front(tmp_path)
    write_configuration(Installation(many.etc, many.root, tmp_path / "static", many.port), hosts)
    said = many.test()
    assert "syntax is ok" in said and "[warn]" not in said
