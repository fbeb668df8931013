"""A whole site rendered in one state: the same answers as citizens get, by one process or by several."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource
from govplatform.addresses.canonical import location_of
from govplatform.addresses.queries import known_addresses
from govplatform.rendering.reads import ReadOf
from govplatform.rendering.renderer import Renderer
from govplatform.rendering.state import NeedsWriting, one_state, same_state
from govplatform.rendering.together import Together, rendering_together
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from sites.media.models import SiteRendition
from sites.pages.in_one_state import around_in_state
from sites.pages.navigation import load_navigation
from sites.pages.related import subject_of
from sites.pages.rows import rows_around
from tests import factories
from tests.statements import Statements

Answer = tuple[int, list[tuple[str, str]], bytes]


@pytest.fixture(autouse=True)
def _static_files(settings: Any) -> None:
    settings.WHITENOISE_USE_FINDERS = True


def targets() -> list[str]:
    return [location_of(known.path) for known in known_addresses(get_tenant("alpha"))]


def renderer(folder: Path) -> Renderer:
    return Renderer(public_url(get_tenant("alpha"), "").rstrip("/"), folder)


def kept(answer: Any) -> Answer:
    answer.body.seek(0)
    return answer.status, answer.headers, answer.body.read()


def rendered(together: Together, wanted: list[str]) -> list[tuple[str, Answer]]:
    return [(target, kept(answer)) for target, answer in together.answers((one, one) for one in wanted)]


def test_answers_are_those_that_citizens_get(live: Any, db: None, tmp_path: Path):
    client = Client(HTTP_HOST="alpha.localhost:8000")
    with one_state() as state, rendering_together(renderer(tmp_path), state, 0) as together:
        found = rendered(together, targets())
    assert len(found) > 30
    for target, (status, headers, body) in found:
        answer = client.get(target)
        assert (status, dict(headers), body) == (answer.status_code, dict(answer.items()), b"".join(answer)), target
    assert list(tmp_path.iterdir()) == []


def test_helpers_give_the_same_in_the_same_order(live: Any, own_database: str, tmp_path: Path):
    wanted = targets() * 8
    with one_state() as state, rendering_together(renderer(tmp_path), state, 0) as alone:
        first = rendered(alone, wanted)
    with one_state() as state, rendering_together(renderer(tmp_path), state, 2) as together:
        for helper in together._helpers:
            helper.take_one()
            assert helper.is_idle
        assert rendered(together, wanted) == first
        assert all(not helper._gone for helper in together._helpers)
    assert list(tmp_path.iterdir()) == []


def test_what_a_helper_may_not_write_this_process_does(live: Any, own_database: str, tmp_path: Path):
    with one_state() as state, rendering_together(renderer(tmp_path), state, 0) as alone:
        before = [answer[0] for _target, answer in rendered(alone, targets())]
    forget_sizes()
    with one_state() as state, rendering_together(renderer(tmp_path), state, 0) as alone:
        rendered(alone, [target for target in targets() if "/media/" not in target])
    sizes = forget_sizes()
    assert sizes
    wanted = [target for target in targets() if "/media/" not in target] * 4
    with one_state() as state, rendering_together(renderer(tmp_path), state, 1) as together:
        together._helpers[0].take_one()
        found = rendered(together, wanted)
        assert not together._helpers[0]._gone
    assert {answer[0] for _target, answer in found} == {200} == set(before)
    assert forget_sizes() == sizes


def forget_sizes() -> int:
    """Delete what there is of pictures in other sizes; how many there were."""
    caches["renditions"].clear()
    with tenant_context(get_tenant("alpha")):
        count = SiteRendition.objects.count()
        SiteRendition.objects.all().delete()
    return count


def test_a_helper_that_ends_costs_time_alone(live: Any, own_database: str, tmp_path: Path):
    wanted = targets() * 4
    with one_state() as state, rendering_together(renderer(tmp_path), state, 1) as together:
        helper = together._helpers[0]
        helper.take_one()
        coming = together.answers((one, one) for one in wanted)
        found = [next(coming)[0] for _number in range(3)]
        helper._process.kill()
        found += [target for target, _answer in coming]
    assert found == wanted and helper._gone


def test_another_connection_reads_the_same_state_and_writes_nothing(live: Any, own_database: str):
    tenant, page = get_tenant("alpha"), live("article")
    seen: list[str] = []

    def elsewhere(state: str) -> None:
        try:
            with same_state(state), tenant_context(tenant):
                seen.append(Page.objects.get(pk=page.pk).draft_title)
                Page.objects.filter(pk=page.pk).update(draft_title="never")
        except NeedsWriting:
            seen.append("refused")
        finally:
            connection.close()

    def changed() -> None:
        with tenant_context(tenant):
            Page.objects.filter(pk=page.pk).update(draft_title="later")
        connection.close()

    with one_state() as state:
        in_thread(changed)
        in_thread(elsewhere, state)
    assert seen == [page.draft_title, "refused"] and page.draft_title != "later"


def in_thread(act: Callable[..., None], *words: Any) -> None:
    thread = threading.Thread(target=act, args=words)
    thread.start()
    thread.join()


def test_the_same_stands_around_each_page_in_a_state(live: Any, db: None):
    with tenant_context(get_tenant("beta")):
        pages = [live(name, "beta") for name in ("article", "second", "mirror", "pinned", "link", "copy")]
        before = [compare(page) for page in pages]
        Resource.objects.filter(pk=live.resource("mirror_source").pk).update(status="withdrawn")
        assert [compare(page) for page in pages] != before


def compare(page: Any) -> Any:
    """What stands around ``page``, which is the same both ways."""
    without = [node.pk for node in load_navigation(page).nodes]
    asked = rows_around(page, without, subject_of(page))
    with one_state():
        for _again in range(2):
            assert around_in_state(page, without, subject_of(page), beside=True) == asked
    return asked


def test_pages_of_a_column_share_their_statements(live: Any, alpha: None, tmp_path: Path):
    pages = [factories.live_article(slug=f"many-{n}") for n in range(6)]
    wanted = [f"/news/{page.slug}/" for page in pages]
    asked = renderer(tmp_path)
    with one_state(), Statements() as captured:
        asked.ahead(wanted)
        for target in wanted:
            with asked.asked(target) as answer:
                assert answer.status == 200
    assert len(captured) < 3 * len(wanted), "\n".join(query["sql"][:160] for query in captured)


def test_what_a_page_was_made_of_is_named(live: Any, alpha: None, tmp_path: Path):
    page = live("rich")
    with renderer(tmp_path).asked(f"/news/{page.slug}/") as answer:
        reads = answer.reads
    assert (ReadOf.PAGE, str(page.pk)) in reads
    assert (ReadOf.COLUMNS, "") in reads and (ReadOf.SITE, "") in reads
    # What stands beside it, and not the order of the whole column.
    assert any(kind == ReadOf.BESIDE for kind, _key in reads)
    assert any(kind == ReadOf.IMAGE for kind, _key in reads)
