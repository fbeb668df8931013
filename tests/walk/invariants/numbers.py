"""Index numbers: drawn with the first publication, in order, once and for good."""

import re
from collections import defaultdict
from collections.abc import Iterator

from ..world import SITES, World
from . import Against, When, invariant

_TABLES = ("articles_article", "articles_topicpage", "policies_policydocument", "policies_interpretation")
_NUMBER = re.compile(r"[/-](\d{4})[/-](\d+)$")


def _pages(world: World, site: str) -> list[tuple[int, str, bool]]:
    """(page id, index number, whether it was ever public) of everything that gets one."""
    s = world.schema(site)
    union = " UNION ALL ".join(f"SELECT page_ptr_id, index_number FROM {s}.{table}" for table in _TABLES)
    rows = world.sql(
        f"SELECT p.id, a.index_number, p.first_published_at IS NOT NULL FROM ({union}) a"
        f" JOIN {s}.wagtailcore_page p ON p.id = a.page_ptr_id ORDER BY p.id"
    )
    return [(page, number, public) for page, number, public in rows]


@invariant(When.ROWS)
def without_gaps(world: World) -> Iterator[Against]:
    """On each site and in each year the numbers run from 1 without gap or double, and the series stands at the last."""
    for site in SITES:
        serials: dict[int, list[int]] = defaultdict(list)
        for _page, number, _public in _pages(world, site):
            if found := _NUMBER.search(number):
                serials[int(found[1])].append(int(found[2]))
        last = dict(
            world.sql(
                "SELECT year, last FROM public.content_library_indexseries WHERE tenant_id = %s",
                [world.tenant(site).pk],
            )
        )
        for year in sorted({*serials, *last}):
            have = sorted(serials[year])
            if have != list(range(1, len(have) + 1)) or last.get(year, 0) != len(have):
                yield Against(
                    f"{site} {year}: {have[-3:]} of {len(have)}, the series says {last.get(year)}", {"site": site}
                )


@invariant(When.ROWS)
def from_the_first_publication(world: World) -> Iterator[Against]:
    """What was ever public has a number, and what was not has none; a number never changes."""
    for site in SITES:
        known = world.memory.setdefault(("numbers", site), {})
        for page, number, public in _pages(world, site):
            if bool(number) != public:
                yield Against(f"{site}: page {page}: public {public}, number “{number}”", {"site": site, "page": page})
            if number and known.setdefault(page, number) != number:
                yield Against(f"{site}: page {page}: {known[page]} became {number}", {"site": site, "page": page})
