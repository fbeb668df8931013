from datetime import UTC, date, datetime
from typing import Any

import pytest

from govplatform.confidentiality.scanning.engine import scan_facts
from govplatform.confidentiality.scanning.settings import ScanSettings

pytestmark = pytest.mark.unit

CLEARED = datetime(2024, 5, 2, 9, tzinfo=UTC)


def judged(**facts: Any) -> list[tuple[str, str, str]]:
    settings = ScanSettings(advertising_hosts=("ads.example",))
    return [(f.rule, f.severity, f.where) for f in scan_facts(facts, settings)]


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"source": ""}, "source"),
        ({"source": None}, "source"),
        ({"published_at": datetime(2024, 5, 1, tzinfo=UTC), "cleared_at": CLEARED}, "published_at"),
        ({"published_at": "2024-05-01T08:00:00+08:00", "cleared_at": CLEARED}, "published_at"),
        ({"published_at": CLEARED, "issued_on": date(2024, 6, 1)}, "published_at"),
        ({"kind": "policy", "interpretations": 0}, "interpretations"),
    ],
)
def test_what_is_missing_or_false(facts: dict[str, Any], where: str) -> None:
    assert judged(**facts) == [("metadata", "warn", where)]


def test_what_is_right_or_unknown_is_no_finding() -> None:
    assert judged() == []
    times = {"published_at": CLEARED, "cleared_at": CLEARED, "issued_on": "2024-04-01"}
    assert judged(source="某局", kind="policy", interpretations=1, **times) == []


def test_a_map_needs_its_number() -> None:
    picture = {"title": "某市行政区划图", "where": "body"}
    assert judged(pictures=[picture]) == [("map-number", "warn", "body")]
    assert judged(pictures=[{"title": "图1", "is_map": True}]) == [("map-number", "warn", "body")]
    assert judged(pictures=[{**picture, "map_number": "蒙S(2023)012号"}]) == []
    assert judged(pictures=[{**picture, "description": "审图号：蒙S（2023）012号"}]) == []
    assert judged(pictures=[picture], text="审图号：GS(2023)1234号") == []
    assert judged(pictures=[{"title": "会议现场"}, {"title": "网站地图"}, {"title": "办理流程图"}]) == []


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("https://www.example.com/a", "warn"),
        ("//example.org/x", "warn"),
        ("https://www.gov.cn@example.com/", "warn"),
        ("https://fakegov.cn/", "warn"),
        ("http:\\\\example.com", "warn"),
        ("https://www.ads.example/x", "block"),
        ("///ads.example/x", "block"),
        ("http:/ads.example", "block"),
        ("\\\\ads.example", "block"),
        ("https://ad\ts.example/", "block"),
        ("https://ads。example/", "block"),
        ("http://[evil/", "warn"),
        ("http:///", "warn"),
        ("https://shop.example.com/?utm_source=a", "block"),
        ("javascript:alert(1)", "block"),
    ],
)
def test_a_link_that_leaves(url: str, severity: str) -> None:
    assert judged(links=[{"url": url, "text": "链接", "where": "body"}]) == [("external-link", severity, "body")]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gov.cn/a",
        "https://gov.cn./",
        "/local/",
        "#top",
        "mailto:a@b.cn",
        "tel:12345",
        "https://own.example/",
    ],
)
def test_a_link_that_stays(url: str) -> None:
    assert judged(links=[{"url": url}], own_hosts=["own.example"]) == []


def test_a_host_in_its_own_script_is_told_apart_and_shown_as_people_read_it() -> None:
    settings = ScanSettings(advertising_hosts=("广告.例子",), government_hosts=(".gov.cn", "政务.例子"))
    links = [
        {"url": url} for url in ("https://x.广告.例子/", "https://xn--q9j.xn--fsqu00a/", "https://www.政务.例子/a")
    ]
    found = [(f.severity, f.excerpt) for f in scan_facts({"links": links}, settings)]
    assert [severity for severity, _shown in found] == ["block", "warn"]
    assert found[0][1] == "x.广告.例子"


def test_an_allowed_host_is_no_finding() -> None:
    settings = ScanSettings(allowed=frozenset(["example.com"]))
    assert scan_facts({"links": [{"url": "https://example.com/"}]}, settings) == []
