"""文档导入 in a browser, the whole way: a drop on a column's list, cards put right, drafts; narrow and dark too."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.documents_in.models import ImportItem
from sites.documents_in.tasks import import_item
from sites.policies.models import PolicyDocument
from tests import database, factories
from tests.browser.accessibility import accessibility_faults
from tests.browser.test_library import NARROW
from tests.browser.test_whole_way import CONSOLE, sign_in
from tests.documents_in.fictional import NOTICE, TITLE

pytestmark = pytest.mark.browser

NAMING = [*NOTICE[:-3], "附件：1．供水设施名录", *NOTICE[-3:]]
FILES = {
    "通知.txt": "\n".join(NAMING).encode(),
    "附件1：供水设施名录.csv": "名称,位置\n".encode(),
    "坏.pdf": b"%PDF-1.7",
}
_DROPPED = """files => {
  const dropped = new DataTransfer();
  const bytes = data => Uint8Array.from(atob(data), c => c.charCodeAt(0));
  for (const [name, data] of files) dropped.items.add(new File([bytes(data)], name));
  return dropped;
}"""


@pytest.fixture
def on_the_server(served: Any, django_db_blocker: Any) -> Any:
    """``on_the_server(ask)``: what ``ask()`` answers on site alpha as it is served."""

    def work(ask: Any) -> Any:
        shared = settings.DATABASES["default"]["NAME"]
        with django_db_blocker.unblock():
            database.use_database(served.database)
            try:
                with tenant_context(get_tenant("alpha")):
                    return ask()
            finally:
                database.use_database(shared)

    def in_a_thread(ask: Any) -> Any:
        # The browser's own loop runs in this one, and Django would refuse to ask the database.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work, ask).result()

    return in_a_thread


def run_jobs() -> None:
    """What the worker does; this server stands without one."""
    for item in ImportItem.objects.order_by("pk"):
        import_item.func(item.pk)


def look(page: Any) -> None:
    for width, scheme in ((1280, "light"), (360, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)
        assert page.evaluate(NARROW), width
        assert accessibility_faults(page, ".nice-padding") == [], (width, scheme)
    page.emulate_media(color_scheme="light")


def test_from_a_drop_on_a_column_to_a_draft(served: Any, window: Any, on_the_server: Any) -> None:
    column = on_the_server(lambda: factories.column("policies").pk)
    opened = window()
    page = opened.page
    sign_in(page, served, "alpha_editor")
    page.goto(served.address(f"/admin/pages/{column}/", CONSOLE))
    page.wait_for_load_state("networkidle")
    files = [[name, base64.b64encode(data).decode()] for name, data in FILES.items()]
    dropped = page.evaluate_handle(_DROPPED, files)
    page.dispatch_event("main", "dragover", {"dataTransfer": dropped})
    assert "导入到“政策文件”" in page.locator(".import-veil").inner_text()
    page.dispatch_event("main", "drop", {"dataTransfer": dropped})
    page.wait_for_url("**/documents-in/*/")
    assert "导入到“政策文件”" in page.locator("h1").inner_text()

    on_the_server(run_jobs)
    page.locator(".import-item--read", has_text="通知.txt").first.wait_for()
    card = page.locator(".import-item", has_text="通知.txt").first
    title = card.get_by_label("标题", exact=True)
    assert title.input_value() == TITLE
    assert "附件1：供水设施名录.csv" in card.locator(".import-parts").inner_text()
    assert "未导入" in page.locator(".import-item", has_text="坏.pdf").inner_text()
    look(page)

    # Typed, left and come back to: nothing is lost.
    title.fill("改过的标题")
    card.get_by_label("成文日期").fill("2023年13月1日")
    card.locator("[data-import-saved]", has_text="已保存").wait_for()
    page.reload()
    page.get_by_role("button", name="全部建立草稿").click()
    page.locator(".import-field-error", has_text="不是存在的日期").wait_for()
    assert page.get_by_label("标题", exact=True).first.input_value() == "改过的标题"
    page.get_by_label("成文日期").first.fill("2023-05-09")
    page.get_by_role("button", name="全部建立草稿").click()
    on_the_server(run_jobs)
    page.get_by_role("link", name="核对和编辑").wait_for()
    # Nothing is chosen for the reviewers beforehand.
    assert page.locator("input[form=import-submit][name=item]:checked").count() == 0
    look(page)
    assert opened.complaints == []

    page.get_by_role("link", name="核对和编辑").click()
    page.locator(".public-DraftEditor-content").first.wait_for()
    assert page.locator("#id_title").input_value() == "改过的标题"
    signature = page.locator(".Draftail-block--sign-off .public-DraftStyleDefault-block, address div").first
    assert signature.evaluate("one => getComputedStyle(one).textAlign") in ("end", "right")
    stored = on_the_server(lambda: str(PolicyDocument.objects.get(title="改过的标题").body.get_prep_value()))
    assert '<p class="enclosures">附件：1．<a linktype="document"' in stored
