"""How much more work a longer text makes: processor time of one against the other, never a time by itself."""

import time
from collections.abc import Callable, Iterator

#: Eight times the text may cost so many times the work. A pattern that looks back once for each character takes 64.
GROWTH = 8
MOST = 24
#: A text of so many characters leaves the caches of the processor, and what is kept of each repetition with it: twice
#: as much is allowed, which is still less than the 64.
_CACHED = 256 * 1024
#: Work below is too little to be compared, in seconds of the processor.
_LEAST = 0.01
_ROUNDS = 3
#: The first length; the next are a quarter longer, from the second number on twice as long, from the third on eight
#: times: what doubles with every few characters shows before it takes minutes.
_FIRST, _FEW, _SHORT = 16, 256, 4096


def grows_too_fast(run: Callable[[int], object], size: int) -> float:
    """0 when ``run(size)`` costs about eight times ``run(size / 8)`` at most, else how many times it costs."""
    for length in _lengths(size):
        work, shorter = _work(run, length), length // GROWTH
        most = MOST if length <= _CACHED else 2 * MOST
        if work > _LEAST and work > most * _work(run, shorter):
            # Once more, the least of several on both sides: the machine has other things to do as well.
            less = min(_work(run, shorter) for _round in range(_ROUNDS))
            work = min(work, *(_work(run, length) for _round in range(_ROUNDS if work < 1 else 1)))
            if work > _LEAST and work > most * less:
                return work / max(less, 1e-7)
    return 0.0


def _lengths(size: int) -> Iterator[int]:
    length = _FIRST
    while length < size:
        yield length
        length = length * 5 // 4 if length < _FEW else length * (2 if length < _SHORT else GROWTH)
    yield size


def _work(run: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    run(size)
    return time.process_time() - began
