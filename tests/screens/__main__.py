"""``python -m tests.screens [--port N] [--only NAME]... [--to FOLDER]``: take the pictures of a demo that runs.

Writes ``NAME-WIDTH.webp`` and prints what they weigh. Needs a browser and the demo's own accounts; the demo must run
(``make demo``).
"""

import argparse
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from .screens import DARK, SCREENS, Screen
from .staging import STAGES

ROOT = Path(__file__).resolve().parents[2]
#: Demo accounts have one password, which the start page of the demo says.
PASSWORD = "Demo-2026-yunjiang"
_ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP *.localhost 127.0.0.1"]
#: Of a page of words, what is drawn with fewer colours looks the same and weighs a third.
QUALITY, MOST_BYTES = 55, 6_000_000
_HEAD = """# Screens

Taken of the demo by one script, which also writes this list: `make demo`, then `.venv/bin/python -m tests.screens`
(`--port N`, `--only NAME` for one screen). What the demo has not from the beginning (a new word and what it finds, a
source, an invitation) the script does first, as its people. A picture is named after its screen and the width of the
window. All screens stand in `tests/screens/screens.py`.

| what one sees | pictures |
|---|---|
"""
_PICTURES = """async () => {
    document.querySelectorAll("img[loading=lazy]").forEach((image) => { image.loading = "eager"; });
    await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
}"""


class Camera:
    """One browser; each person signs in once."""

    def __init__(self, browser: Any, port: int, folder: Path) -> None:
        self.browser, self.port, self.folder = browser, port, folder
        self.signed_in: dict[str, Any] = {}

    def take(self, screen: Screen) -> int:
        """Take all views of ``screen``, after what it shows was done; return how many bytes they have."""
        if screen.stage:
            self._set_stage(screen.stage)
        return sum(self._view(screen, view) for view in screen.views)

    def _set_stage(self, stage: str) -> None:
        site, user, act = STAGES[stage]
        base = self._base(site, user)
        context = self.browser.new_context(locale="zh-CN", storage_state=self._session(site, user))
        page = context.new_page()
        page.set_default_timeout(60_000)
        try:
            act(page, base, self.port)
        finally:
            context.close()

    def _view(self, screen: Screen, view: str) -> int:
        context = self.browser.new_context(
            viewport={"width": int(view.partition("-")[0]), "height": screen.height},
            color_scheme="dark" if view == DARK else "light",
            locale="zh-CN",
            storage_state=self._session(screen.site, screen.user) if screen.user else None,
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        try:
            self._open(page, screen)
            page.evaluate(_PICTURES)
            shot = page.screenshot(animations="disabled")
        finally:
            context.close()
        target = self.folder / f"{screen.name}-{view}.webp"
        Image.open(io.BytesIO(shot)).convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)
        return target.stat().st_size

    def _open(self, page: Any, screen: Screen) -> None:
        base = self._base(screen.site, screen.user)
        path = screen.path
        if screen.slug:
            # By the browser, which knows where these hosts are.
            page.goto(f"{base}/admin/api/main/pages/?slug={screen.slug}&fields=_,id&format=json")
            found = json.loads(page.locator("body").inner_text())["items"]
            path = path.format(slug=found[0]["id"])
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        if screen.opens:
            page.locator(screen.opens).first.click()
            page.wait_for_load_state("networkidle")
            page.evaluate("document.activeElement?.blur()")

    def _base(self, site: str, user: str) -> str:
        return f"http://{site}{'.console' if user else ''}.localhost:{self.port}"

    def _session(self, site: str, user: str) -> Any:
        if user not in self.signed_in:
            page = self.browser.new_page()
            page.goto(f"{self._base(site, user)}/admin/login/")
            page.locator("#id_username").fill(user)
            page.locator("#id_password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/admin/")
            self.signed_in[user] = page.context.storage_state()
            page.close()
        return self.signed_in[user]


def write_list(folder: Path) -> None:
    """Write which screen is in which picture."""
    rows = "".join(
        f"| {screen.shows} | {' · '.join(f'[{view}]({screen.name}-{view}.webp)' for view in screen.views)} |\n"
        for screen in SCREENS
    )
    (folder / "README.md").write_text(_HEAD + rows, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screens")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--only", action="append", choices=[screen.name for screen in SCREENS])
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGUMENTS)
        camera = Camera(browser, options.port, options.to)
        for screen in SCREENS:
            if not options.only or screen.name in options.only:
                print(f"{screen.name:24}{camera.take(screen) // 1000:6} kB", flush=True)
        browser.close()
    write_list(options.to)
    total = sum(file.stat().st_size for file in options.to.glob("*.webp"))
    print(f"{options.to}: {total // 1000} kB")
    return int(total > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
