"""Live text as signed files: a change is there with the next release, and comes down while the application is away."""

from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from govplatform.delivery.delivering import deliver, deliver_early, take_down
from govplatform.delivery.models import Change
from govplatform.lifecycle.site_facts import YES, change_site_facts
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.interviews.entries import withdraw_entry
from sites.interviews.models import Entry, InterviewPage
from sites.interviews.shown import LIVE
from tests.delivery.front import Application, Front
from tests.delivery.looking import delivered, is_gone, out_of_date
from tests.factories import user
from tests.verbs import call_verb

from .conftest import said, say


@pytest.fixture
def site(talk: InterviewPage, settings: Any, tmp_path: Path) -> Tenant:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    tenant = get_tenant("alpha")
    change_site_facts(tenant, acting_user=None, traditional=YES)
    deliver(tenant)
    return get_tenant("alpha")


def shown(site: Tenant, page: InterviewPage) -> list[str]:
    """What lies there of the page and of the page of its last changes, then the same in traditional characters."""
    path = site_path(page)
    addresses = (path, f"{path}{LIVE}", f"/zh-hant{path}", f"/zh-hant{path}{LIVE}")
    return [(delivered(site, address) or b"").decode() for address in addresses]


def test_a_change_makes_four_files_and_no_others(site, talk):
    say(talk, "没有放行。")
    assert not Change.objects.filter(tenant=site).exists()
    entry = said(talk, "稳岗返还从今天开始。")
    done = deliver(site)
    assert done is not None and done.written == 4
    page, live, traditional, traditional_live = shown(site, talk)
    assert "稳岗返还从今天开始" in page and "稳岗返还从今天开始" in live
    assert "穩崗返還從今天開始" in traditional and "穩崗返還從今天開始" in traditional_live
    assert not any("没有放行" in one for one in (page, live))
    withdraw_entry(entry, acting_user=user("alpha_content"), reason="口误")
    deliver(site)
    assert not any("返还从今天" in one or "返還從今天" in one for one in shown(site, talk))
    assert out_of_date(site) == []


def test_beside_a_whole_site_that_is_rendered_watchers_do_not_wait(site, talk):
    said(talk, "不等整站。")
    assert deliver_early(site, pages_alone=True) is not None
    assert "不等整站" in shown(site, talk)[1]


def test_a_page_that_comes_down_takes_its_live_text_out(site, talk):
    said(talk, "开始。")
    deliver(site)
    withdraw_page(talk, acting_user=user("alpha_content"), reason="改期。")
    take_down(site)
    path = site_path(talk)
    assert is_gone(site, path) and is_gone(site, f"{path}{LIVE}") and is_gone(site, f"/zh-hant{path}{LIVE}")


@pytest.mark.nginx
def test_five_thousand_watchers_ask_nginx_alone(site, talk, settings, tmp_path_factory):
    """Behind the real front server: the application is asked for nothing, and may be away."""
    front = Front(tmp_path_factory.mktemp("front"))
    settings.STATIC_ROOT = front.folder / "static"
    done = call_verb(
        "nginx_config", "--out", str(front.etc), "--root", str(settings.DELIVERY_ROOT), "--port", str(front.port),
        "--application", f"127.0.0.1:{front.behind}", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    front.start()
    live = f"{site_path(talk)}{LIVE}"
    try:
        with Application(front.behind).running() as application:
            first = front.ask(live)
            assert first.status == 200 and first["Cache-Control"] == "public, max-age=0, must-revalidate"
            again = front.ask(live, If_None_Match=first["ETag"])
            assert (again.status, again.body) == (304, b"")
            with tenant_context(site):
                entry = said(talk, "现在公开。")
            deliver(site)
            changed = front.ask(live, If_None_Match=first["ETag"])
            assert changed.status == 200 and "现在公开" in changed.body.decode()
            assert application.asked == []
            # The door for questions is the application's, with bounds of its own.
            assert front.ask(f"/interaction/interview/{talk.pk}/").status == 200
            assert application.asked == [f"/interaction/interview/{talk.pk}/"]
        # Nothing behind nginx any more: the last state stands, and what is withdrawn comes down all the same.
        assert "现在公开" in front.ask(live).body.decode()
        assert front.ask(f"/interaction/interview/{talk.pk}/").status == 503
        with tenant_context(site):
            withdraw_entry(Entry.objects.get(pk=entry.pk), acting_user=user("alpha_content"), reason="口误")
        deliver(site)
        assert "现在公开" not in front.ask(live, If_None_Match=changed["ETag"]).body.decode()
        assert "这一条已撤回" in front.ask(live).body.decode()
        assert "这一条已撤回" in front.ask(site_path(talk)).body.decode()
    finally:
        front.stop()
