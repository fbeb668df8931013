"""Walking a tree of files without holding it: one open folder a level, nothing kept of what was passed."""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from .host import DEEPEST, is_closed
from .opening import folder_at, open_folder

_Level = tuple[int, str, "os._ScandirIterator[str]"]


def walk(tree: int, root: int) -> Iterator[tuple[str, bool]]:
    """Each thing below the open folder ``tree``: its place, and whether it is a folder that needs looking at.

    Such are folders that are empty, too deep, shut or another file system's; what lies in the two last is passed over.
    Links are not followed. What comes and goes meanwhile may be there or not.
    """
    device = os.fstat(tree).st_dev
    # a handle of its own: of one that is shared two walks would read on from the same place
    levels: list[tuple[_Level, list[bool]]] = [(_level(open_folder(tree, "."), ""), [])]
    try:
        while levels:
            (handle, prefix, names), seen = levels[-1]
            entry = next(names, None)
            if entry is None:
                levels.pop()
                _leave((handle, prefix, names))
                if not seen and prefix:
                    yield prefix[:-1], True
                continue
            if not seen:
                seen.append(True)
            place = f"{prefix}{entry.name}"
            if not entry.is_dir(follow_symlinks=False):
                yield place, False
                continue
            try:
                inner = open_folder(handle, entry.name)
            except FileNotFoundError:
                continue
            except OSError:
                yield place, True
                continue
            found = os.fstat(inner)
            foreign = found.st_dev != device or len(levels) > DEEPEST
            if foreign or is_closed(root, found.st_mode):
                yield place, True
            if foreign:
                os.close(inner)
            else:
                levels.append((_level(inner, f"{place}/"), []))
    finally:
        for level, _seen in levels:
            _leave(level)


def _level(handle: int, prefix: str) -> _Level:
    return handle, prefix, os.scandir(handle)


def _leave(level: _Level) -> None:
    handle, _prefix, names = level
    names.close()
    with suppress(OSError):
        os.close(handle)


def folders(tree: int, prefix: str) -> Iterator[tuple[int, str]]:
    """The folder ``prefix`` of the open folder ``tree`` and each one below, open, with its prefix; upper ones first."""
    device = os.fstat(tree).st_dev
    with suppress(OSError), folder_at(tree, prefix.split("/")[:-1]) as start:
        waiting = deque([prefix])
        while waiting:
            place = waiting.popleft()
            names = place[len(prefix) :].split("/")[:-1]
            with suppress(OSError), folder_at(start, names) as here:
                if os.fstat(here).st_dev != device or len(names) > DEEPEST:
                    continue
                yield here, place
                with os.scandir(here) as entries:
                    waiting.extend(f"{place}{one.name}/" for one in entries if one.is_dir(follow_symlinks=False))
