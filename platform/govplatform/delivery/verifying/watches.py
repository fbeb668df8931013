"""Which folders are watched, by the kernel's inotify. A watch is set on an open folder, never on a path."""

import errno
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from inotify_simple import Event, INotify, flags

from ..release.layout import TREES
from .in_force import InForce
from .opening import folder_at
from .walking import folders

_CHANGES = (
    flags.MODIFY | flags.CLOSE_WRITE | flags.ATTRIB | flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO
)
_ITSELF = flags.DELETE_SELF | flags.MOVE_SELF | flags.ONLYDIR


class What(Enum):
    ROOT = "root"
    FOLDER = "folder"
    TREES = "trees"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Watched:
    """``prefix``: of the folder in the tree, '' or ending with a slash."""

    host: str
    what: What
    prefix: str = ""


class Watches:
    """Watches on the folders of hosts. ``is_full``: the kernel gives no more, so that sweeps alone see the rest."""

    def __init__(self, root: int) -> None:
        self._inotify = INotify(nonblocking=True)
        self._watched: OrderedDict[int, Watched] = OrderedDict()
        self.is_full = False
        self._add(root, Watched("", What.ROOT))

    def close(self) -> None:
        self._inotify.close()

    def __len__(self) -> int:
        return len(self._watched)

    def read(self, milliseconds: int) -> list[tuple[Watched | None, Event]]:
        """What has happened; waits for so long at most. None: events were lost, or of a watch that is no more."""
        found = []
        for event in self._inotify.read(timeout=milliseconds):
            found.append((self._watched.get(event.wd), event))
            if event.mask & flags.IGNORED:
                self._watched.pop(event.wd, None)
        return found

    def watch_host(self, host: str, now: InForce) -> Iterator[None]:
        """Watch everything of a host; it goes on each time it is asked for the next step. May be done again."""
        self._add(now.folder, Watched(host, What.FOLDER))
        with folder_at(now.folder, [TREES]) as trees:
            self._add(trees, Watched(host, What.TREES))
        for _folder in self.watched_folders(host, now, ""):
            yield

    def watched_folders(self, host: str, now: InForce, prefix: str) -> Iterator[tuple[int, str]]:
        """The folder ``prefix`` of the tree and all below, open, with their prefixes, each watched before."""
        for handle, place in folders(now.tree, prefix):
            self._add(handle, Watched(host, What.TREE, place))
            yield handle, place
            if self.is_full:
                return

    def forget(self, host: str, prefix: str) -> None:
        """Let go of the watches below a folder that is no longer there."""
        gone = [
            number
            for number, one in self._watched.items()
            if one.host == host and one.what == What.TREE and one.prefix.startswith(prefix)
        ]
        for number in gone:
            del self._watched[number]
            try:
                self._inotify.rm_watch(number)
            except OSError:
                # it went with its folder
                continue

    def _add(self, handle: int, watched: Watched) -> None:
        try:
            number = self._inotify.add_watch(f"/proc/self/fd/{handle}", _CHANGES | _ITSELF)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.ENOMEM):
                # gone meanwhile
                return
            self.is_full = True
        else:
            self._watched[number] = watched
