"""What machines get of the library: the list, each resource, the feeds, the changes."""

import json
from collections.abc import Iterator
from typing import Any

from ..world import World
from . import Against, When, invariant
from .citizens import Library, words_in

_FEEDS = ("/api/library/feeds/all.atom", "/api/library/feeds/kind/policy.atom", "/api/library/changes")
#: The site that never closes in the walk.
_HOST = "sheng"


def exposed(library: Library) -> dict[str, dict[str, Any]]:
    """What may be given out: public on an open site and taken back nowhere, nor what it was copied from."""
    return {
        uuid: one
        for uuid, one in library.by_uuid.items()
        if one["status"] != "imported"
        and one["disclosure"] == "proactive"
        and one["site_status"] != "preparing"
        and not library.is_withdrawn(uuid)
    }


@invariant(When.ASKED)
def the_list_is_complete(world: World) -> Iterator[Against]:
    """Page by page, the list names each public resource once and nothing else."""
    library = Library(world)
    wanted, listed, after = exposed(library), list[str](), ""
    while True:
        answer = world.get(_HOST, "/api/library/?size=100" + (f"&after={after}" if after else ""))
        if answer.status_code != 200:
            yield Against(f"the list: {answer.status_code}")
            return
        told = json.loads(answer.content)
        listed += [one["uuid"] for one in told["resources"]]
        after = told.get("after", "")
        if not after:
            break
    for uuid in sorted(set(listed) - set(wanted)):
        yield Against(f"lists {uuid}, which is not public", {"uuid": uuid})
    for uuid in sorted(set(wanted) - set(listed)):
        yield Against(f"does not list {uuid}", {"uuid": uuid})
    if len(listed) != len(set(listed)):
        yield Against("lists something twice")


@invariant(When.ASKED)
def each_resource_is_there_or_gone(world: World) -> Iterator[Against]:
    """A public resource is given with the words of its current version alone; every other one is gone (410)."""
    library = Library(world)
    wanted = exposed(library)
    for uuid, one in world.sample(library.by_uuid):
        answer = world.get(_HOST, f"/api/library/{uuid}")
        status = 200 if uuid in wanted else 410
        if answer.status_code != status:
            yield Against(f"{uuid} ({one['site']}): {answer.status_code} instead of {status}", {"uuid": uuid})
        elif status == 200 and (alien := words_in(answer.content.decode()) - _words(library, one)):
            yield Against(f"{uuid} shows {sorted(alien)}", {"uuid": uuid})


@invariant(When.ASKED)
def feeds_name_nothing_else(world: World) -> Iterator[Against]:
    """The feeds and the list of changes hold no word that is not public now."""
    library = Library(world)
    allowed: set[str] = set().union(*(_words(library, one) for one in exposed(library).values()))
    for path in _FEEDS:
        answer = world.get(_HOST, path)
        if answer.status_code != 200:
            yield Against(f"{path}: {answer.status_code}")
        elif alien := words_in(answer.content.decode()) - allowed:
            of = sorted(uuid for uuid, one in library.by_uuid.items() if _words(library, one) & alien)
            yield Against(f"{path} names {sorted(alien)}", {"uuids": of})


def _words(library: Library, one: dict[str, Any]) -> set[str]:
    return library.versions[one["id"], one["number"]][1]
