"""What axe-core finds on a page in the browser, once the page has come to rest."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

#: The same with what no number of WCAG demands: landmarks, names, one heading for the page. What is left out is how
#: Wagtail's own templates are built: the level of some headings, words that are spoken as they change, panels inside of
#: panels of the same name, the corner of its table of steps.
LABELLED = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "rules": {
        name: {"enabled": False}
        for name in (
            "heading-order",
            "aria-allowed-role",
            "image-redundant-alt",
            "landmark-unique",
            "empty-table-header",
        )
    },
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

# A message that is still fading in is measured with half its colours. What never ends is not waited for.
_AT_REST = """
() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity
)
"""

_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

_RUN = """
async ({ within, options }) => {
    const found = await axe.run(within ? { include: [[within]] } : document, options);
    return found.violations.map(({ id, nodes: [first] }) => (
        `${id}: ${first.html.slice(0, 200)} ${first.failureSummary || ""}`
    ));
}
"""


def come_to_rest(page: Any) -> None:
    """Wait until what a change of the window's size began to move stands still."""
    page.evaluate(_TWO_FRAMES)
    page.wait_for_function(_AT_REST)


def accessibility_faults(page: Any, within: str | None = None) -> list[str]:
    """The rules of WCAG 2.1 A and AA that a page breaks, each as its name and the first element that does.

    ``within`` is a CSS selector of the part that is looked at; without it the whole page is.
    """
    return _faults(page, within, WCAG)


def labelling_faults(page: Any) -> list[str]:
    """Also what is outside of the landmarks of a page, and landmarks and headings that are not as one expects them."""
    return _faults(page, None, LABELLED)


def contrast_faults(page: Any) -> list[str]:
    """Only what cannot be told from its ground: what another look of the same page can break."""
    return _faults(page, None, CONTRAST)


def _faults(page: Any, within: str | None, rules: dict[str, Any]) -> list[str]:
    page.wait_for_load_state()
    if within:
        # A click that leads to another page has returned before that page is there.
        page.locator(within).first.wait_for()
    page.wait_for_function(_AT_REST)
    # Once for each page: the script is half a megabyte. Of what is in order nothing is sent over.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # It is not inside the frames of a page, and would wait half a second for each of them to answer.
    asked = {"within": within, "options": {**rules, "resultTypes": ["violations"], "iframes": False}}
    found: list[str] = page.evaluate(_RUN, asked)
    return found
