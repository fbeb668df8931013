"""One server with published pages and one headless Chromium for all browser tests.

Where no browser is found they are left out (``tests/left_out.py``).
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django_tenants.utils import schema_context, tenant_context

from govplatform.serving.processes import WORKER_CLASS
from search.checking import check_search
from sites.articles.models import Article
from sites.columns.models import ITEMS_PER_PAGE
from tests import database, factories
from tests.browser.contexts import KeptContexts
from tests.browser.settling import let_clicks_settle
from tests.pages import LivePages
from tests.ports import free_port

#: The first without the windows of a desktop: it takes a fifth less of the processors' time.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: What playwright itself leaves out (an argument of ours takes the place of its own), and the pages that Chromium has
#: ready behind the address bar of each window, which took three quarters of the processor time of opening one.
_LEFT_OUT = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
    "ThirdPartyStoragePartitioning", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopup",
)  # fmt: skip
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
    f"--disable-features={','.join(_LEFT_OUT)}",
]  # fmt: skip
_PATIENCE_SECONDS = 60


def browser_path() -> str | None:
    """Where the browser is, or None."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


@dataclass
class Served:
    """A running server. ``paths``: address of one page of each kind on site alpha (and ``beta_*``)."""

    port: int
    paths: dict[str, str] = field(default_factory=dict)
    database: str = ""

    def address(self, path: str, host: str = "alpha.localhost") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture(scope="session")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:
    """More content is published into a clone of the prepared pages, then the real server starts on it."""
    from django.conf import settings

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        name = database.clone_prepared("browser", "pages")
        database.use_database(name)
        try:
            paths = _publish_everything()
            url = database.database_url(name)
        finally:
            database.use_database(shared)
    site = Served(free_port(), paths, name)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.browser.app:application", "--bind", f"127.0.0.1:{site.port}",
         "--worker-class", WORKER_CLASS, "--threads", "4", "--no-control-socket", "--log-level", "error"],
        cwd=database.ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            "GOVPLATFORM_LOGIN": "app",
            "TEST_MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "PORT": str(site.port),
            "PYTHONPATH": os.pathsep.join([str(database.ROOT / "platform"), str(database.ROOT)]),
        },
    )  # fmt: skip
    try:
        _wait_for(site)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)
        with django_db_blocker.unblock():
            database.drop_database(name)


def _publish_everything() -> dict[str, str]:
    from govplatform.review.queries import site_path
    from govplatform.review.submission.actions import withdraw_page
    from govplatform.tenancy.queries import get_tenant
    from tests.public import contents

    paths: dict[str, str] = {"home": "/", "column": "/news/", "column_2": "/news/?page=2", "site_map": "/sitemap/"}
    for site in ("alpha", "beta"):
        with tenant_context(get_tenant(site)):
            kinds = LivePages().kinds() if site == "alpha" else contents.whole_site(site)
            for kind, page in kinds.items():
                name = {"rich": "article"}.get(kind, kind)
                paths[name if site == "alpha" else f"beta_{name}"] = site_path(page)
            for number in range(ITEMS_PER_PAGE + 1 - Article.objects.child_of(factories.column()).live().count()):
                factories.live_article(site, title=f"第{number}场新闻发布会介绍城乡建设进展情况")
            factories.live_article(site, column="notices", title="关于公开征求意见的公告", slug="opinions")
            factories.live_article(site, column="services", title="老年人高龄津贴申领指南", slug="elderly")
            gone = factories.live_article(site, slug="gone", title="已经撤下的信息")
            withdraw_page(gone, acting_user=factories.user(f"{site}_content"), reason="来源有误。")
            if site == "alpha":
                paths["new_article"] = f"/admin/pages/add/articles/article/{factories.column().pk}/"
    paths["not_found"], paths["gone"], paths["closed"] = "/nothing-here/", "/news/gone/", "/"
    paths |= {
        "search": "/search/?q=%E4%BF%A1%E6%81%AF&scope=all",
        "search_empty": "/search/",
        "search_nothing": "/search/?q=%E9%87%8F%E5%AD%90%E8%AE%A1%E7%AE%97",
    }
    _open_closed_sites()
    with schema_context("public"):
        check_search(repair=True)
    return paths


def _open_closed_sites() -> None:
    """Two more sites, one in each look, that are offline."""
    from govplatform.lifecycle.actions import NewSite, open_site
    from govplatform.tenancy.models import Tenant

    for code, level, identity, theme in (
        ("alpha-closed", "city", "5301000002", "portal"),
        ("beta-closed", "county", "5301220001", "county"),
    ):
        new = NewSite(
            code=code,
            host=f"{code}.localhost",
            console_host=f"{code}.console.localhost",
            full_name=f"{code} 暂停服务的网站",
            kind="portal",
            level=level,
            identity_code=identity,
            theme=theme,
            contact="电话：0000-0000000",
        )
        open_site(new, acting_user=None)
        Tenant.objects.filter(code=code).update(status=Tenant.Status.OFFLINE)


def _wait_for(site: Served) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}/robots.txt", headers={"Host": "alpha.localhost"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The one browser of this process. Its start takes as much of the processors as a short test.

    Playwright runs a loop in this thread, and while it says so Django refuses its synchronous queries: it is said
    inside of ``chromium`` alone.
    """
    from playwright.sync_api import sync_playwright

    let_clicks_settle()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=browser_path(), args=_ARGUMENTS)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield made, loop, KeptContexts(made)
        asyncio._set_running_loop(loop)
        made.close()


@pytest.fixture(scope="module")
def chromium(browser: Any) -> Iterator[Any]:
    """The browser, for one file of tests."""
    made, loop, _kept = browser
    asyncio._set_running_loop(loop)
    yield made
    asyncio._set_running_loop(None)


@dataclass
class Window:
    """A page with what it complained of and what it asked for."""

    page: Any
    complaints: list[str]
    requests: list[str]


def eventually(page: Any, script: str) -> None:
    """Wait until ``script`` is true; ``wait_for_function`` would need what the pages' policy forbids."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {script}")


@pytest.fixture
def window(chromium: Any, browser: Any) -> Iterator[Callable[..., Window]]:
    """``window(width=360)``: a fresh window without cookies, and without anything else that a test left."""
    _made, _loop, kept = browser
    contexts: list[Any] = []

    def open_window(width: int = 1280, height: int = 900, context: Any = None) -> Window:
        if context is None:
            context = kept.take()
            contexts.append(context)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        made = Window(page, [], [])
        page.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("request", lambda request: made.requests.append(request.url))
        return made

    yield open_window
    for context in contexts:
        kept.give_back(context)
