"""No value in an address, a parameter or a form ends in 500: a clear 400, 404 or the form with its error."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from content_library.outward.addresses import ADDRESSES, PREFIX
from govplatform.console.admission import open_names, roles_by_name
from search.outward import addresses as search_addresses
from tests.conftest import console_client
from tests.isolation.addresses import console_addresses, patterns
from tests.layers import layered

from .asking import Fields, Watched, failures, watching
from .hostile import VALUES, plant

HOLDERS = {
    "editor": ("alpha_editor", "alpha"), "content-reviewer": ("alpha_content", "alpha"),
    "confidentiality-reviewer": ("alpha_secret", "alpha"), "site-admin": ("alpha_admin", "alpha"),
    "auditor": ("alpha_auditor", "alpha"), "clerk": ("alpha_clerk", "alpha"), "operator": ("operator", "console"),
    "supervisor": ("supervisor", "console"),
}  # fmt: skip
FORM = "application/x-www-form-urlencoded"
NOT_ALLOWED = 405
NUL, SURROGATE = "%00", "%ED%A0%80"


@layered
def things() -> dict[str, Any]:
    return plant()


def holder_of(name: str) -> str:
    """Who meets an address: somebody whose roles open it."""
    opens_to = roles_by_name().get(name, frozenset())
    return next((role for role in HOLDERS if role in opens_to), "")


def addresses_by_role(things: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Role -> URL name -> the paths of it, one for each variant of what it may name."""
    found: dict[str, dict[str, list[str]]] = {}
    for variant in things["variants"]:
        for role in HOLDERS:
            values = {**things, **variant}
            if HOLDERS[role][1] == "console":
                values["batch_id"] = things["site_batch_id"]
            for address in console_addresses(values):
                if holder_of(address.name) == role:
                    paths = found.setdefault(role, {}).setdefault(address.name, [])
                    if address.path not in paths:
                        paths.append(address.path)
    return found


class Hostile:
    """Sends requests, each of which is taken back, and keeps what failed: ``wrong``."""

    def __init__(self, client: Client, seen: list[str]) -> None:
        self.client, self.seen, self.wrong = client, seen, list[str]()
        client.raise_request_exception = False

    def ask(self, path: str, query: dict[str, str], form: dict[str, str] | None = None, note: bool = True) -> int:
        address = f"{path}?{urlencode(query)}" if query else path
        before = len(self.seen)
        with transaction.atomic():
            if form is None:
                response = self.client.get(address)
            else:
                response = self.client.post(address, urlencode(form), content_type=FORM)
            if response.streaming:
                list(response.streaming_content)
            transaction.set_rollback(True)
        if response.status_code >= 500 and note:
            why = self.seen[-1] if len(self.seen) > before else ""
            sent = {name: value[:20] for name, value in (form or query).items()}
            method = "GET" if form is None else "POST"
            self.wrong.append(f"{method} {path} {self._alone(path, query, form, sent)}: {why}")
        return response.status_code

    def _alone(self, path: str, query: dict[str, str], form: dict[str, str] | None, sent: dict[str, str]) -> Any:
        """Which of many values it was, if one does it alone."""
        for name in sent:
            one = {name: (form or query)[name]}
            if self.ask(path, one if form is None else {}, None if form is None else one, note=False) >= 500:
                return {name: sent[name]}
        return list(sent)

    def everything(self, path: str, *, forms: bool) -> None:
        """Every value in the place of every parameter that the view asks for."""
        Watched.names.clear()
        self.ask(path, {})
        if Watched.names:
            self.ask(path, dict.fromkeys(sorted(Watched.names), "1"))
        for value in VALUES.values():
            if Watched.names:
                self.ask(path, dict.fromkeys(sorted(Watched.names), value))
        if forms:
            Fields.names.clear()
            if self.ask(path, {}, {}) == NOT_ALLOWED:
                return
            for value in VALUES.values():
                if Fields.names:
                    self.ask(path, {}, dict.fromkeys(sorted(Fields.names), value))


@pytest.mark.parametrize("role", HOLDERS)
def test_no_value_in_the_console_ends_in_500(things, monkeypatch, role, subtests):
    client = console_client(*HOLDERS[role])
    with failures() as seen, watching(monkeypatch):
        hostile = Hostile(client, seen)
        for name, paths in addresses_by_role(things).get(role, {}).items():
            hostile.wrong.clear()
            # of many things to name, the first that the person meets something behind
            path = next((path for path in paths[:-1] if hostile.ask(path, {}, note=False) < 400), paths[-1])
            hostile.everything(path, forms=True)
            with subtests.test(address=name):
                assert hostile.wrong == []


def test_no_form_of_the_entrance_ends_in_500(db, monkeypatch):
    with failures() as seen, watching(monkeypatch):
        hostile = Hostile(Client(HTTP_HOST="alpha.console.localhost", headers={"user-agent": "test"}), seen)
        for path in ("/admin/login/", "/admin/second-factor/", "/admin/second-factor/setup/", "/admin/logout/"):
            hostile.everything(path, forms=True)
        hostile.client = console_client("alpha_editor", "alpha")
        hostile.client.raise_request_exception = False
        for path in ("/admin/second-factor/", "/admin/second-factor/setup/", "/admin/jsi18n/", "/admin/sprite/"):
            hostile.everything(path, forms=True)
    assert hostile.wrong == []


def hostile_paths(pattern: str) -> Iterator[str]:
    """``pattern`` with values that its converters let through and no table has."""
    for number, text in (("0", "²"), ("9" * 30, "x" * 2000), ("9" * 5000, "..%2f..")):
        path = re.sub(r"<int:\w+>", number, pattern)
        path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
        path = re.sub(r"<slug:\w+>", "x" * (len(number) + 1), path)
        path = re.sub(r"<(?:(?:str|path):)?\w+>", text, path)
        path = path.replace(r"(live|earliest|\d+)\.\.\.(live|latest|\d+)", f"{number}...{number}")
        path = path.replace(r"(\d+)", number).replace(".*", text)
        yield "/" + path.replace("^", "").replace("$", "").replace("\\", "")


def test_no_path_of_the_console_ends_in_500(things, subtests):
    clients = {role: console_client(*HOLDERS[role]) for role in HOLDERS}
    asked = 0
    with failures() as seen:
        for pattern, name in patterns(get_resolver(settings.CONSOLE_URLCONF)):
            if ("<" not in pattern and "(" not in pattern) or (role := holder_of(name)) == "":
                continue
            hostile = Hostile(clients[role], seen)
            for path in hostile_paths(pattern):
                asked += 1
                hostile.ask(path, {})
                hostile.ask(path, {}, {})
            with subtests.test(address=name):
                assert hostile.wrong == []
    assert asked > 100


def public_paths(live: Any) -> list[str]:
    """A path for each address of the public hosts, and the API's with hostile parts."""
    paper = live("paper").body[1].value["document"]
    made = ["/", "/news/", "/news/article/", "/policies/", "/news/feed.xml", "/robots.txt", "/favicon.ico",
            "/sitemap.xml", "/sitemap/", "/error-report/", "/search/",
            "/interaction/write/", "/interaction/ask/", "/interaction/letters/", "/interaction/statistics/",
            "/interaction/surveys/1/", "/interaction/surveys/1/results/",
            "/interaction/unit/x/", "/interaction/error/", "/interaction/errors/", "/interaction/disclosure/",
            "/interaction/interview/1/", f"/interaction/interview/{'9' * 30}/", "/news/article/live-text/",
            "/search/pictures/1-1.jpg", "/.answers/503.html", "/.answers/404.html",
            search_addresses.OPENSEARCH,
            f"/documents/{paper.pk}/{quote(paper.filename)}", f"/documents/{'9' * 30}/x",
            "/documents/1/²", f"/library/files/{'0' * 64}/x", "/library/files/²/x", "/media/site_alpha/x.jpg",
            "/media/x/" + "x" * 500, "/" + "x" * 3000 + "/", "/x" * 300 + "/feed.xml"]  # fmt: skip
    uuid = str(live.resource("article").uuid)
    for prefix, addresses in ((PREFIX, ADDRESSES), (search_addresses.PREFIX, search_addresses.ADDRESSES)):
        for address in addresses:
            for value in ("all", "x" * 40, "²", "9" * 30):
                template = address.template.replace("{uuid}", uuid).replace("{sm3}", "0" * 64)
                made.append(prefix + re.sub(r"\{\w+\}", value, template))
        made += [f"{prefix}²", f"{prefix}a%0Ab"]
    return list(dict.fromkeys(made))


def test_every_public_address_is_tried(live, alpha):
    paths = [path.lstrip("/") for path in public_paths(live)]
    left = []
    for entry in get_resolver(settings.PUBLIC_URLCONF).url_patterns:
        below = getattr(entry, "url_patterns", [entry])
        for one in below:
            prefix = str(entry.pattern) if one is not entry else ""
            inside = [path.removeprefix(prefix) for path in paths if path.startswith(prefix)]
            if not any(one.pattern.match(path) for path in inside):
                left.append(f"{prefix}{one.pattern}")
    assert left == []


def _names_of(addresses: Any) -> list[str]:
    return sorted({parameter.name for address in addresses for parameter in address.parameters})


def test_no_value_on_a_public_host_ends_in_500(live, alpha, monkeypatch, settings, subtests):
    settings.OUTWARD_LIMITS = dict.fromkeys(settings.OUTWARD_LIMITS, 100_000)
    asked = {
        **dict.fromkeys((PREFIX, f"{PREFIX}changes"), _names_of(ADDRESSES)),
        **{search_addresses.PREFIX + address.template: _names_of([address]) for address in search_addresses.ADDRESSES},
    }
    paths = public_paths(live)
    with failures() as seen, watching(monkeypatch):
        hostile = Hostile(Client(HTTP_HOST="alpha.localhost"), seen)
        for path in paths:
            hostile.wrong.clear()
            hostile.everything(path, forms=False)
            with subtests.test(path=path[:60]):
                assert hostile.wrong == []
        # The API reads its parameters in order and stops at the first that it cannot: one at a time.
        for path, names in asked.items():
            for name in names:
                for value in (*VALUES.values(), "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0000-01"):
                    hostile.ask(path, {name: value})
        assert hostile.wrong == []


# --- what no database can hold -----------------------------------------------------------------


def nul_requests(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield f"{path}?q={NUL}", {}
    yield f"{path}?{NUL}=x", {}
    yield f"{path}{NUL}/", {}
    # A lone surrogate comes as UTF-8 only where the head names an encoding that has it.
    yield f"{path}?q=%5Cud800", {"CONTENT_TYPE": "text/plain; charset=raw_unicode_escape"}
    yield path, {"headers": {"cookie": 'console_session="\\000aaaaaaaaaaaaa"'}}


@pytest.mark.parametrize(
    ("host", "paths", "words"),
    [
        ("alpha.console.localhost", ["/", "/admin/", "/admin/login/", "/admin/pages/", "/media/x/"], "无法识别"),
        (
            "alpha.localhost",
            ["/", "/news/", "/news/article/", "/sitemap/", "/documents/1/", "/search/"],
            "网址无法识别",
        ),
        ("alpha.localhost", ["/api/library/", "/api/library/changes/", "/api/library/feeds/"], '"bad_request"'),
        ("alpha.localhost", ["/api/search/", "/api/search/suggest"], '"bad_request"'),
        ("localhost", ["/"], "无法识别"),
    ],
)
def test_nul_and_lone_surrogates_are_answered_with_a_clear_400(live, alpha, settings, host, paths, words):
    settings.START_PAGE_HOSTS = ["localhost"]
    client = Client(HTTP_HOST=host, raise_request_exception=False)
    for path in paths:
        for address, extra in nul_requests(path):
            response = client.generic("GET", address, **extra)
            assert (response.status_code, words in response.content.decode()) == (400, True), (address, extra)


def test_a_lone_surrogate_in_a_query_is_no_character_at_all(live, alpha):
    for host in ("alpha.console.localhost", "alpha.localhost"):
        client = Client(HTTP_HOST=host, raise_request_exception=False)
        for path in ("/", "/admin/login/", "/news/", "/api/library/", "/search/", "/api/search/"):
            assert client.get(f"{path}?q={SURROGATE}").status_code < 500
            assert client.get(f"{path}{SURROGATE}/").status_code < 500


SENT: list[Callable[[], dict[str, Any]]] = [
    lambda: {"title": "标题\x00"},
    lambda: {"title\x00": "标题"},
    lambda: {"main_content": json.dumps({"blocks": [{"text": "正\x00文", "key": "a", "type": "unstyled"}]})},
    lambda: {"main_content": json.dumps({"blocks": [{"text": "正\ud800文"}]})},
    lambda: {"main_content": "[" * 100_000 + "\\u0041"},
]


@pytest.mark.parametrize("number", range(len(SENT)))
def test_a_form_with_what_no_column_holds_is_refused_and_nothing_saved(things, number):
    client = console_client("alpha_editor", "alpha")
    client.raise_request_exception = False
    page = things["variants"][0]["page_id"]
    response = client.post(f"/admin/pages/{page}/edit/", SENT[number]())
    assert response.status_code == 400
    assert "没有保存任何内容" in response.content.decode()
    script = client.post(f"/admin/pages/{page}/edit/", SENT[number](), headers={"accept": "application/json"})
    assert script.json()["error_code"] == "bad_request"


def test_rich_text_with_an_emoji_is_read_as_before():
    from govplatform.tenancy.bad_requests import is_storable

    assert is_storable(json.dumps({"text": "好😀"}))
    assert is_storable("[\\u0000")  # no JSON: what it says stands in it letter by letter
    assert not is_storable(json.dumps(["a\x00"]))


def test_who_reads_the_table_of_addresses_finds_every_role_in_it():
    assert {role for roles in roles_by_name().values() for role in roles} == set(HOLDERS)
    assert not open_names() & set(roles_by_name())


def test_every_address_has_a_place_in_the_walk(things):
    walked = {name for names in addresses_by_role(things).values() for name in names}
    assert set(roles_by_name()) - walked == set()
