"""Rendering many addresses of one state on all cores: answers come in the order in which they were asked for.

This process renders as well, and what nobody has taken by the time it is due: helpers that come late, end or may not
write cost time and change nothing.
"""

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .packed import Packed, pack, unpacked
from .processes import Helper, starting
from .renderer import Rendered, Renderer

_Asked = TypeVar("_Asked")
#: Addresses that one process takes at once, and how many of such handfuls are under way.
_HANDFUL, _UNDER_WAY = 25, 8


@dataclass
class _Handful(Generic[_Asked]):
    """Addresses that are rendered by the same process, ``helper`` or this one; None in ``done``: not by the helper."""

    wanted: list[tuple[_Asked, str]]
    helper: Helper | None = None
    done: deque[Packed | None] = field(default_factory=deque)

    @property
    def targets(self) -> list[str]:
        return [target for _asked, target in self.wanted]


@contextmanager
def rendering_together(renderer: Renderer, state: str, helpers: int) -> Iterator["Together"]:
    """``state``: as ``one_state`` yields it; '' renders in this process alone, and so does no helper."""
    with starting(renderer, state, helpers if state else 0) as started:
        yield Together(renderer, started)


class Together:
    """A renderer with the processes that help it."""

    def __init__(self, renderer: Renderer, helpers: list[Helper]) -> None:
        self._renderer = renderer
        self._helpers = helpers

    def answers(self, wanted: Iterable[tuple[_Asked, str]]) -> Iterator[tuple[_Asked, Rendered]]:
        """Yield each of ``wanted`` (anything with its target) with its answer, which is there until the next one."""
        coming = iter(wanted)
        waiting: deque[_Handful[_Asked]] = deque()
        while True:
            while len(waiting) < _UNDER_WAY and (taken := list(itertools.islice(coming, _HANDFUL))):
                waiting.append(_Handful(taken))
            if not waiting:
                return
            self._hand_out(waiting, first=1)
            if waiting[0].helper is None and not waiting[0].done:
                yield from self._by_this_process(waiting)
            else:
                yield from self._by_another(waiting)
            waiting.popleft()

    def _by_this_process(self, waiting: "deque[_Handful[_Asked]]") -> Iterator[tuple[_Asked, Rendered]]:
        mine = waiting[0]
        self._renderer.ahead(mine.targets)
        for asked, target in mine.wanted:
            with self._renderer.asked(target) as rendered:
                yield asked, rendered
            self._hand_out(waiting, first=1)

    def _by_another(self, waiting: "deque[_Handful[_Asked]]") -> Iterator[tuple[_Asked, Rendered]]:
        for asked, target in waiting[0].wanted:
            packed = self._next(waiting)
            if packed is None:
                with self._renderer.asked(target) as rendered:
                    yield asked, rendered
            else:
                with unpacked(packed) as rendered:
                    yield asked, rendered
            self._hand_out(waiting, first=1)

    def _next(self, waiting: "deque[_Handful[_Asked]]") -> Packed | None:
        """The next answer of the first handful. While it is not there, this process renders one that nobody has."""
        first = waiting[0]
        while not first.done:
            if first.helper is None:
                return None
            idle = None if first.helper.has_answer() else next((one for one in waiting if _is_free(one)), None)
            if idle is None:
                first.helper.take_one()
            else:
                self._render_early(idle, waiting)
        return first.done.popleft()

    def _render_early(self, handful: _Handful[_Asked], waiting: "deque[_Handful[_Asked]]") -> None:
        self._renderer.ahead(handful.targets)
        for target in handful.targets:
            with self._renderer.asked(target) as rendered:
                handful.done.append(pack(rendered, self._renderer.folder))
            self._hand_out(waiting, first=0)

    def _hand_out(self, waiting: "deque[_Handful[_Asked]]", first: int) -> None:
        """Give what nobody has to helpers without work, and fetch what they have ready."""
        for helper in self._helpers:
            while helper.has_answer():
                helper.take_one()
            if not helper.is_idle:
                continue
            free = next((one for one in itertools.islice(waiting, first, None) if _is_free(one)), None)
            if free is not None:
                free.helper = helper
                helper.give(free)


def _is_free(handful: _Handful[_Asked]) -> bool:
    return handful.helper is None and not handful.done
