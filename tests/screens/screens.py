"""Which screens of the demo the documentation shows, who looks at them, and how wide and in which look."""

from dataclasses import dataclass
from typing import Any

WIDE, DESK, PHONE, DARK = "1440", "1280", "360", "1280-dark"
#: A screen of the console is shown in all of them, a page of citizens in those without a dark look.
CONSOLE, PUBLIC = (WIDE, DESK, PHONE, DARK), (WIDE, DESK, PHONE)


#: Pictures of what is only seen in the middle of an act; taken by hand.
BY_HAND = frozenset({"uploading.jpg", "cropping.jpg", "import-cards.jpg"})


@dataclass(frozen=True)
class Screen:
    """``name``: of the pictures, ``NAME-WIDTH.webp``; ``site``: code of the site, or ``console`` for the platform's.

    ``user``: who is signed in, '' for a citizen. In ``path``, ``{slug}`` stands for the number of the page with that
    ``slug``. ``opens``: what is clicked once the screen is there, as CSS. ``height``: of the window, in pixels.
    ``stage``: what is done before, of ``staging.STAGES``. ``shows``: what one sees, for the list of pictures.
    """

    name: str
    shows: str
    site: str
    path: str
    user: str = ""
    views: tuple[str, ...] = CONSOLE
    slug: str = ""
    opens: str = ""
    height: int = 900
    stage: str = ""


def _public(
    name: str,
    shows: str,
    path: str,
    site: str = "yunjiang",
    height: int = 900,
    views: tuple[str, ...] = PUBLIC,
    opens: str = "",
) -> Screen:
    return Screen(name, shows, site, path, views=views, height=height, opens=opens)


_EDITOR, _SECRET, _ADMIN, _OPERATOR = "yun.shuyan", "qin.mofeng", "fang.zhiqiu", "su.mingche"
_CLERK, _SUPERVISOR = "wan.qinglu", "wei.dongliang"
_LIVE = "river-governance-meeting"
_TWO = (DESK, PHONE)
_THREE = (DESK, PHONE, DARK)


def _console(name: str, shows: str, path: str, user: str, **more: Any) -> Screen:
    return Screen(name, shows, "console" if user in (_OPERATOR, _SUPERVISOR) else "yunjiang", path, user, **more)


SCREENS = (
    _public("home-portal", "home page of a portal", "/", height=1600),
    _public("home-county", "home page of a county", "/", "qingshan", 1600),
    _public("article", "an article", f"/news/gov-news/{_LIVE}/"),
    _public(
        "policy", "a policy document with its metadata and interpretation", "/policies/yj-2026-15-river-protection/"
    ),
    _public("leaders", "leaders", "/leaders/"),
    _public("institutions", "institutions", "/institutions/"),
    _public("catalogue", "the disclosure catalogue", "/catalogue/"),
    _public("bulletin", "a statistics bulletin with its charts", "/data/bulletin-2025/", height=1300),
    _public("annual-report", "an annual report", "/annual/annual-report-2025/", height=1300, views=_TWO),
    _public("search", "results of a search over all sites", "/search/?q=%E6%94%BF%E7%AD%96&scope=all"),
    _public(
        "search-nothing", "a search that finds nothing", "/search/?q=%E9%87%8F%E5%AD%90%E8%AE%A1%E7%AE%97", views=_TWO
    ),
    _public("error-report", "how errors are reported", "/error-report/", views=_TWO),
    _public("write-letter", "writing a letter", "/interaction/write/", height=1300, views=_TWO),
    _public("figures", "letters in numbers", "/interaction/statistics/", height=1600, views=_TWO),
    _public("request", "asking for information", "/interaction/disclosure/", height=1600, views=_TWO),
    _public(
        "survey-results",
        "results of a survey that goes on",
        "/letters/surveys/survey-service-hall/",
        height=1600,
        views=_TWO,
        opens="main a[href$='/results/']",
    ),
    _public(
        "interview",
        "an interview with its summary and transcript",
        "/letters/interviews/interview-elderly-meals/",
        height=1600,
        views=_TWO,
    ),
    _public(
        "service-guide",
        "a guide to a service",
        "/services/service-elderly-subsidy/",
        height=1600,
        views=_TWO,
    ),
    _console(
        "letter",
        "a letter on the clerk's screen, with what a unit said to it",
        "/admin/cases/",
        _CLERK,
        views=_THREE,
        opens="main a:has-text('村口便桥')",
        height=1400,
    ),
    _console(
        "request-handled",
        "a request for information whose clock stands still",
        "/admin/cases/?kind=disclosure",
        _EDITOR,
        views=_THREE,
        opens="main a:has-text('关于土地的文件')",
        height=1400,
    ),
    _console(
        "interview-desk", "the desk of an interview", "/admin/interviews/", _EDITOR, views=_THREE, opens="main td a"
    ),
    _console(
        "letters-of-sites", "letters of all sites, for supervisors", "/admin/cases/sites/", _SUPERVISOR, views=_THREE
    ),
    _console("start", "start page of an editor", "/admin/", _EDITOR),
    _console("writing", "writing a text", "/admin/pages/{slug}/edit/", _EDITOR, slug=_LIVE, height=1100),
    _console(
        "writing-leader", "form of a leader, empty", "/admin/pages/add/offices/leader/{slug}/", _EDITOR, slug="leaders"
    ),
    _console(
        "writing-bulletin",
        "form of a statistics bulletin with a chart begun",
        "/admin/pages/add/statistics/statisticsbulletin/{slug}/",
        _EDITOR,
        slug="data",
        opens=".stream-of-one-kind .c-sf-add-button",
        height=1400,
    ),
    _console(
        "writing-annual-report",
        "form of an annual report with its statutory tables",
        "/admin/pages/add/disclosure/annualreport/{slug}/",
        _EDITOR,
        views=(DESK, DARK),
        slug="annual",
        height=1700,
    ),
    _console("calendar", "the editors' calendar", "/admin/calendar/", _EDITOR),
    _console("pin", "pinning a page", "/admin/writing/pin/{slug}/", _EDITOR, slug=_LIVE),
    _console("listing", "one text in several columns", "/admin/writing/listing/{slug}/", _EDITOR, slug=_LIVE),
    _console("recommend", "recommending a page", "/admin/recommend/{slug}/", _EDITOR, slug=_LIVE),
    _console("proposals", "what other sites propose for the home page", "/admin/recommend/", _EDITOR),
    _console("queue", "the queue of a reviewer", "/admin/review/", _SECRET),
    _console(
        "review", "the review screen with findings", "/admin/review/", _SECRET, opens="[data-queue-link]", height=1100
    ),
    _console("rescans", "what a new word finds in public texts", "/admin/review/rescans/", _SECRET, stage="word"),
    _console("waiting", "what waits for a person", "/admin/waiting/", _SECRET),
    _console("settings-columns", "columns of a site in their order", "/admin/site/columns/", _ADMIN, height=1150),
    _console("settings-home", "sections of the home page", "/admin/site/home/", _ADMIN, height=1150),
    _console("writers", "who writes where", "/admin/site/writers/", _ADMIN),
    _console("library", "the common library", "/admin/library/", _EDITOR),
    _console("push", "how far a push is", "/admin/pushes/", _OPERATOR, opens="main td a"),
    _console("harvesting", "sources of harvesting", "/admin/harvesting/", _OPERATOR, stage="source"),
    _console("library-import", "importing a file of the library", "/admin/library/import/", _OPERATOR),
    _console("offers", "offers that wait for a second person", "/admin/offers/", _ADMIN, stage="offer"),
    Screen(
        "people",
        "people of a site, and who is invited",
        "jiangzhou",
        "/admin/people/",
        "meng.xizhao",
        height=1100,
        stage="offer",
    ),
)
