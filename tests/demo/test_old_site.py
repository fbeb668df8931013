"""The crawl of the demo's old site: always the same bytes, and everything in it that old sites have."""

import hashlib

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.arrivals.models import Arrival, SurveyedAddress
from sites.arrivals.reading.times import parse_time
from sites.demo import load_arrival as loading
from sites.demo.loading import default_picture_folder
from sites.demo.old_site import old_site, write_crawl


@pytest.fixture
def crawl(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    write_crawl(path, default_picture_folder())
    return path


def test_the_same_content_gives_the_same_bytes(crawl, tmp_path):
    again = tmp_path / "again.warc.gz"
    write_crawl(again, default_picture_folder())
    assert hashlib.sha256(crawl.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()


def test_it_is_uploaded_once_and_its_report_is_there(db, crawl, monkeypatch):
    monkeypatch.setattr(loading, "crawl_file", lambda: crawl)
    monkeypatch.setattr(loading, "old_site", lambda: {**old_site(), "receives": "alpha"})
    Tenant.objects.filter(code="alpha").update(status=Tenant.Status.LIVE)
    assert loading.load_arrival() is True
    assert loading.load_arrival() is False
    tenant, arrival = loading.demo_arrival()
    assert (tenant.code, arrival.state) == ("alpha", Arrival.State.SURVEYED)
    with tenant_context(get_tenant("alpha")):
        lines = {line.address.partition(arrival.host)[2]: line for line in SurveyedAddress.objects.all()}
        told = {page["path"]: page for page in old_site()["page"]}
        for path, line in lines.items():
            if line.result == "page":
                assert line.title == told[path]["title"], path
                assert line.source == told[path]["source"], path
                stated, _timed = parse_time(told[path]["date"], now=timezone.now())
                assert line.published_at == stated, path
        assert sum(line.result == "page" for line in lines.values()) == 9
        assert lines["/print.asp?id=101"].leads_to.endswith("t20210315_101.html")
        assert lines["/news/101.html"].result == "merged"
        assert "框架页" in lines["/index.htm"].reason and "列表页" in lines["/gzdt/"].reason
        assert all("“导入到栏目”" in lines[f"/show.asp?id={number}"].reason for number in (21, 22, 23))
