"""The search for machines: answers in the shape that its OpenAPI document describes."""

import pytest
from django.core.cache import caches
from django.test import override_settings

from content_library.schema.checking import faults_of
from search.outward.shapes import answer_shapes

API = "/api/search/"


@pytest.fixture(autouse=True)
def fresh():
    caches["outward"].clear()


@pytest.fixture
def ask(citizen, found):
    def run(path="", expected=200, **values):
        response = citizen("alpha").get(API + path, values)
        assert response.status_code == expected, response.content.decode()[:500]
        return response

    return run


@pytest.mark.parametrize(
    ("path", "shape", "values"),
    [
        ("", "Results", {"q": "正文", "scope": "all"}),
        ("", "Results", {"q": "信息", "kind": "article", "order": "newest", "page": "1"}),
        ("", "Results", {}),
        ("suggest", "Suggestions", {"q": "普通"}),
        ("suggest", "Suggestions", {"q": ""}),
    ],
)
def test_every_answer_has_its_shape(ask, path, shape, values):
    assert faults_of(ask(path, **values).json(), answer_shapes()[shape]) == []


def test_results_are_those_of_the_page(ask, live):
    policy = live("policy")
    told = ask(q=policy.document_number).json()
    assert told["hits"][0]["title"] == policy.title
    assert told["hits"][0]["document_number"] == policy.document_number
    assert told["hits"][0]["related"][0]["title"] == live("interpretation").title
    assert told["total"] >= 1
    assert sum(told["facets"]["kind"].values()) == told["total"]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("", {"q": "正文", "scope": "all"}),
        ("", {"q": "营商环境"}),
        ("", {"q": "没有这样的词"}),
        ("", {"kind": "policy", "order": "newest"}),
        ("suggest", {"q": "普通"}),
    ],
)
def test_an_answer_is_what_the_document_that_is_given_says(ask, path, values):
    """By the document alone, as a program would: found by path, status and reference."""
    document = ask("openapi.json").json()

    def schema(status: str) -> dict:
        said = document["paths"][API + path]["get"]["responses"][status]
        if "$ref" in said:
            said = document["components"]["responses"][said["$ref"].rpartition("/")[2]]
        [(kind, content)] = said["content"].items()
        assert kind == "application/json"
        return document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]

    answer = ask(path, **values)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert faults_of(answer.json(), schema("200")) == []
    assert faults_of(answer.json() | {"engine": 3, "suggestions": 3}, schema("200")) != []
    assert faults_of(ask(path, expected=400, scope="nowhere").json(), schema("400")) == []


def test_parameters_of_the_document_are_those_that_are_taken(ask):
    document = ask("openapi.json").json()
    for one in document["paths"][API]["get"]["parameters"]:
        if "default" in one["schema"]:
            assert ask(q="正文", **{one["name"]: one["schema"]["default"]}).status_code == 200
        for value in one["schema"].get("enum", ()):
            assert ask(q="正文", **{one["name"]: value}).status_code == 200


def test_facets_are_given_with_pictures_and_kinds_in_words(ask, live):
    told = ask(q=live("rich").title).json()
    assert set(told["facets"]) == {"site", "kind", "year", "topic", "organisation", "validity", "column"}
    [hit] = [hit for hit in told["hits"] if hit["picture"]]
    assert "//alpha.localhost" in hit["picture"] and "/search/pictures/" in hit["picture"] and hit["picture_alt"]


def test_the_document_describes_every_address(ask):
    document = ask("openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {API, f"{API}suggest", f"{API}openapi.json"}
    named = {one["name"] for one in document["paths"][API]["get"]["parameters"]}
    filters = {"kind", "topic", "organisation", "year", "validity", "column", "site"}
    assert named == {"q", "scope", "order", "page"} | filters


@pytest.mark.parametrize(
    "values",
    [
        {"scope": "nowhere"}, {"q": "a", "page": "0"}, {"q": "a", "page": "101"}, {"q": "a", "order": "best"},
        {"q": "a", "kind": "none"}, {"q": "a", "site": "none"}, {"q": "a", "other": "1"}, {"q": "字" * 201},
        {"q": "a\u202eb"}, {"q": "a", "year": "20"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_json(ask, values):
    error = ask(expected=400, **values).json()["error"]
    assert error["code"] in ("bad_parameter", "bad_request")
    assert error["message"]


def test_what_no_text_can_hold_is_refused_in_json(ask):
    assert ask(expected=400, q="\x00").json()["error"]["code"] == "bad_request"


def test_a_wide_blank_is_a_blank(ask):
    """Chinese keyboards type it between two words."""
    assert ask(q="普通\u3000信息").json()["total"] == ask(q="普通 信息").json()["total"] > 0
    assert ask("suggest", q="普通\u3000信息").json() == ask("suggest", q="普通 信息").json()


def test_an_unknown_address_is_said_in_json(ask):
    assert ask("nothing", expected=404).json()["error"]["code"] == "not_found"


def test_anybody_may_read_and_nobody_may_write(citizen, found):
    response = citizen("alpha").get(API, {"q": "正文"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert citizen("alpha").post(API, {"q": "正文"}).status_code == 405


def test_too_many_questions_are_told_how_long_to_wait(ask):
    with override_settings(OUTWARD_LIMITS={"read": 1, "files": 1, "search": 2, "suggest": 1}):
        ask(q="正文")
        ask(q="正文")
        refused = ask(expected=429, q="正文")
        ask("suggest", q="正")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
