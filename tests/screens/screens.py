"""Which screens of the demo the documentation shows, who looks at them, and how wide and in which look."""

from dataclasses import dataclass

WIDE, DESK, PHONE, DARK = "1440", "1280", "360", "1280-dark"
#: A screen of the console is shown in all of them, a page of citizens in those without a dark look.
CONSOLE, PUBLIC = (WIDE, DESK, PHONE, DARK), (WIDE, DESK, PHONE)


@dataclass(frozen=True)
class Screen:
    """``name``: of the pictures, ``NAME-WIDTH.webp``; ``site``: code of the site, or ``console`` for the platform's.

    ``user``: who is signed in, '' for a citizen. In ``path``, ``{slug}`` stands for the number of the page with that
    ``slug``. ``opens``: what is clicked once the screen is there, as CSS. ``height``: of the window, in pixels.
    """

    name: str
    site: str
    path: str
    user: str = ""
    views: tuple[str, ...] = CONSOLE
    slug: str = ""
    opens: str = ""
    height: int = 900


def _public(name: str, site: str, path: str, height: int = 900, views: tuple[str, ...] = PUBLIC) -> Screen:
    return Screen(name, site, path, views=views, height=height)


_EDITOR, _CONTENT, _ADMIN, _OPERATOR = "yun.shuyan", "lu.guanlan", "fang.zhiqiu", "su.mingche"
_LIVE = "river-governance-meeting"

SCREENS = (
    _public("home-portal", "yunjiang", "/", 1600),
    _public("home-county", "qingshan", "/", 1600),
    _public("article", "yunjiang", "/news/gov-news/river-governance-meeting/"),
    _public("policy", "yunjiang", "/policies/yj-2026-15-river-protection/"),
    _public("leaders", "yunjiang", "/leaders/"),
    _public("institutions", "yunjiang", "/institutions/"),
    _public("catalogue", "yunjiang", "/catalogue/"),
    _public("bulletin", "yunjiang", "/data/bulletin-2025/", 1300),
    _public("annual-report", "yunjiang", "/annual/annual-report-2025/", 1300, (DESK, PHONE)),
    _public("search", "yunjiang", "/search/?q=%E6%94%BF%E7%AD%96"),
    _public("search-nothing", "yunjiang", "/search/?q=%E9%87%8F%E5%AD%90%E8%AE%A1%E7%AE%97", views=(DESK, PHONE)),
    _public("error-report", "yunjiang", "/error-report/", views=(DESK, PHONE)),
    Screen("start", "yunjiang", "/admin/", _EDITOR),
    Screen("writing", "yunjiang", "/admin/pages/{slug}/edit/", _EDITOR, slug=_LIVE, height=1100),
    Screen("writing-leader", "yunjiang", "/admin/pages/add/offices/leader/{slug}/", _EDITOR, slug="leaders"),
    Screen(
        "writing-bulletin",
        "yunjiang",
        "/admin/pages/add/statistics/statisticsbulletin/{slug}/",
        _EDITOR,
        slug="data",
        opens=".stream-of-one-kind .c-sf-add-button",
        height=1400,
    ),
    Screen(
        "writing-annual-report",
        "yunjiang",
        "/admin/pages/add/disclosure/annualreport/{slug}/",
        _EDITOR,
        (DESK, DARK),
        slug="annual",
        height=1400,
    ),
    Screen("calendar", "yunjiang", "/admin/calendar/", _EDITOR),
    Screen("pin", "yunjiang", "/admin/writing/pin/{slug}/", _EDITOR, slug=_LIVE),
    Screen("listing", "yunjiang", "/admin/writing/listing/{slug}/", _EDITOR, slug=_LIVE),
    Screen("recommend", "yunjiang", "/admin/recommend/{slug}/", _EDITOR, slug=_LIVE),
    Screen("proposals", "yunjiang", "/admin/recommend/", _EDITOR),
    Screen("queue", "yunjiang", "/admin/review/", _CONTENT),
    Screen("review", "yunjiang", "/admin/review/", _CONTENT, opens="[data-queue-link]"),
    Screen("rescans", "yunjiang", "/admin/review/rescans/", _CONTENT),
    Screen("waiting", "yunjiang", "/admin/waiting/", _CONTENT),
    Screen("settings-columns", "yunjiang", "/admin/site/columns/", _ADMIN, height=1150),
    Screen("settings-home", "yunjiang", "/admin/site/home/", _ADMIN, height=1150),
    Screen("writers", "yunjiang", "/admin/site/writers/", _ADMIN),
    Screen("library", "yunjiang", "/admin/library/", _EDITOR),
    Screen("push", "console", "/admin/pushes/", _OPERATOR),
    Screen("harvesting", "console", "/admin/harvesting/", _OPERATOR),
    Screen("library-import", "console", "/admin/library/import/", _OPERATOR),
    Screen("offers", "console", "/admin/offers/", _OPERATOR),
)
