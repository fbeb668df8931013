"""``python -m tests.bench.writing``: from a key to the next frame, in a long text and in a large table.

The form of a body without a site around it: no database, so that nothing but the editor is measured. The check while
writing finds something in every paragraph and every third cell. Needs Chromium.
"""

import json
import os
import statistics
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")

KEYS = 100
PAUSE_MS = 60
#: For the page to be there, also on a machine that does other work; what is measured comes after.
LOADED_MS = 240_000
_CONFIG = {
    "CSRF_HEADER_NAME": "x-csrftoken", "CSRF_TOKEN": "", "ADMIN_URLS": {"PAGES": "/"}, "I18N_ENABLED": False,
    "ADMIN_API": {"PAGES": "/", "DOCUMENTS": "/", "IMAGES": "/", "EXTRA_CHILDREN_PARAMETERS": ""},
    "LOCALES": [], "LANGUAGES": [], "KEYBOARD_SHORTCUTS_ENABLED": True,
}  # fmt: skip
_SCRIPTS = (
    "vendor/jquery-3.6.0.min.js", "vendor/jquery-ui-1.13.2.min.js", "telepath/telepath.js", "vendor.js", "core.js",
    "wagtailadmin.js",
)  # fmt: skip
_LISTEN = """() => {
  window.waits = [];
  document.addEventListener('keydown', () => {
    const pressed = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - pressed)));
  }, true);
}"""
#: 30,400 characters in 190 paragraphs.
_TEXT = "".join(f"<p>{'春风送暖入屠苏，千门万户瞳瞳日。' * 10}</p>" for _ in range(190))
_ROWS = [[f"{row}行{column}列" for column in range(10)] for row in range(200)]
BODIES = {
    "/text": [{"type": "rich_text", "value": _TEXT, "id": "a"}],
    "/table": [{"type": "table", "value": {"caption": "", "header_row": True, "rows": _ROWS}, "id": "a"}],
}


def form(body: list[dict[str, Any]]) -> str:
    """Return a page with the form of ``body``."""
    from wagtail.blocks.base import BlockWidget

    from sites.pages.blocks import BodyBlock
    from sites.writing import forms_of_blocks, wagtail_hooks

    assert forms_of_blocks and wagtail_hooks
    block = BodyBlock()
    block.set_name("body")
    widget = BlockWidget(block)
    html = widget.render_with_errors("body", block.to_python(body), attrs={"id": "body"}, errors=None)
    styles = [path for paths in widget.media._css.values() for path in paths]
    links = "".join(f'<link rel="stylesheet" href="{widget.media.absolute_path(path)}">' for path in styles)
    own = [f"/static/wagtailadmin/js/{name}" for name in _SCRIPTS]
    scripts = own + [widget.media.absolute_path(path) for path in widget.media._js]
    config = json.dumps(_CONFIG)
    return (
        f'<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/static/wagtailadmin/css/core.css">{links}'
        f'<script id="wagtail-config" type="application/json">{config}</script><script>wagtailConfig={config}</script>'
        f'<main id="main"><form>{html}</form></main>'
        + "".join(f'<script src="{address}"></script>' for address in scripts)
    )


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        from django.contrib.staticfiles import finders

        path = self.path.split("?")[0]
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        content = Path(str(found)).read_bytes() if found else form(BODIES.get(path, [])).encode()
        kinds = {".js": "text/javascript", ".css": "text/css", "": "text/html; charset=utf-8"}
        self.answer(content, kinds.get(Path(path).suffix, "application/octet-stream"))

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = {"rule": "dictionary", "severity": "warn", "label": "", "message": "", "instead": "暖风"}
        found = {
            one["key"]: [{**told, "start": 0, "end": 2}] if one["text"][0] in "春369" else [] for one in sent["texts"]
        }
        self.answer(json.dumps({"found": found}).encode(), "application/json")

    def answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def waits(page: Any, keys: list[str]) -> list[float]:
    """Return the milliseconds from each key to the frame after it, sorted."""
    page.evaluate(_LISTEN)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(PAUSE_MS)
    return sorted(page.evaluate("window.waits"))


def told(name: str, measured: list[float]) -> str:
    high = measured[int(len(measured) * 0.95)]
    return f"{name}: median {statistics.median(measured):.0f} ms, 95 of 100 below {high:.0f} ms ({len(measured)} keys)"


def main() -> int:
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import browser_path

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://localhost:{server.server_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(LOADED_MS)
        page.goto(f"{base}/text", timeout=LOADED_MS)
        page.locator(".public-DraftEditor-content [data-block]").nth(95).click()
        print(told("text of 30,400 characters", waits(page, ["a"] * KEYS)))
        page.goto(f"{base}/table")
        page.locator(".ht_master .htCore tbody tr").nth(2).locator("td").nth(1).click()
        print(told("table of 200 rows by 10, digits and Tab", waits(page, ["5", "Tab"] * (KEYS // 2))))
        browser.close()
    server.shutdown()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
