"""What axe-core finds on a page in the browser, once the page has come to rest."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

# A message that is still fading in is measured with half its colours. What never ends is not waited for.
_AT_REST = """
() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity
)
"""


def accessibility_faults(page: Any, within: str | None = None) -> list[str]:
    """The rules of WCAG 2.1 A and AA that a page breaks, each as its name and the first element that does.

    ``within`` is a CSS selector of the part that is looked at; without it the whole page is.
    """
    page.wait_for_load_state()
    if within:
        # A click that leads to another page has returned before that page is there.
        page.locator(within).first.wait_for()
    page.wait_for_function(_AT_REST)
    context = {"include": [[within]]} if within else None
    found = Axe().run(page, context=context, options=WCAG)
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]} {fault['nodes'][0].get('failureSummary', '')}"
        for fault in found.response["violations"]
    ]
