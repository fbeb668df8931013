"""Hosts that are not a site's: nobody opens a site on them, nor moves one there."""

import pytest

from govplatform.refusals import Refused
from tests.lifecycle.life import file
from tests.verbs import call_verb

pytestmark = pytest.mark.django_db
HOSTS = ("archive.localhost", "start.localhost", "console.localhost")


@pytest.fixture(autouse=True)
def platform_hosts(settings):
    settings.ARCHIVE_HOSTS = ["archive.localhost"]
    settings.START_PAGE_HOSTS = ["start.localhost"]


@pytest.mark.parametrize("host", HOSTS)
def test_no_site_moves_to_one(host):
    with pytest.raises(Refused, match="域名"):
        file("change", wanted={"domain": host})


@pytest.mark.parametrize("host", HOSTS)
def test_no_site_is_opened_on_one(host):
    words = ("create_site", "delta", "--host", host, "--name", "云江省丁县人民政府", "--level", "county", "--json")
    done = call_verb(*words, "--kind", "portal", "--console-host", "delta.console.localhost")
    assert done.returncode == 3 and "域名" in done.stdout, (done.stdout, done.stderr)
