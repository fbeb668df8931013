"""``python -m tests.walk run|replay``: see README.md."""

import argparse
import json
import logging
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.walk")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="walk at random")
    run.add_argument("--seed", type=int, help="the same seed walks the same way; drawn and printed when left out")
    run.add_argument("--seeds", type=int, default=1, help="so many walks, one after the other, seed by seed")
    run.add_argument("--steps", type=int, default=300)
    run.add_argument("--every", type=int, default=20, help="steps between two looks at the invariants")
    run.add_argument("--processes", type=int, default=1, help="at once on one database; cannot be repeated")
    replay = verbs.add_parser("replay", help="walk as a log says")
    replay.add_argument("log", type=Path)
    join = verbs.add_parser("join", help="one of several processes, on the database of DATABASE_URL")
    join.add_argument("--seed", type=int, required=True)
    join.add_argument("--steps", type=int, required=True)
    for verb in (run, replay, join):
        verb.add_argument("--with-open", action="store_true", help="also into faults that are known to be open")
        verb.add_argument("--as-it-is", action="store_true", help="do not look for the shortest sequence")
    options = parser.parse_args()

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    return {"run": _run, "replay": _replay, "join": _join}[options.verb](options)


def _join(options: argparse.Namespace) -> int:
    from .processes import join

    _say(json.dumps(join(options.seed, options.steps, leave_out=not options.with_open), ensure_ascii=False))
    return 0


def _run(options: argparse.Namespace) -> int:
    from .databases import world_database
    from .processes import walk_at_once

    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    if options.processes > 1:
        faults = walk_at_once(seed, options.steps, options.processes, leave_out=not options.with_open, say=_say)
        return 1 if faults else 0
    folder = Path(tempfile.mkdtemp(prefix="walk-"))
    failed = False
    with world_database() as world:
        for number in range(seed, seed + options.seeds):
            failed |= _one(world, number, options, folder / f"{number}.jsonl")
    return 1 if failed else 0


def _one(world: str, seed: int, options: argparse.Namespace, log: Path) -> bool:
    from .databases import copy_of
    from .walking import Walk

    begun, used = time.monotonic(), time.process_time()
    _say(f"seed {seed}, {options.steps} steps, log {log}")
    with copy_of(world), log.open("w") as stream:
        walk = Walk(every=options.every, leave_out=not options.with_open, log=stream)
        faults = walk.run(random.Random(seed), options.steps) or walk.finish()
    _say(f"{len(walk.done)} steps in {time.monotonic() - begun:.0f} s ({time.process_time() - used:.0f} s of work)")
    _say(", ".join(f"{name} {count}" for name, count in sorted(walk.counts.items())))
    return _tell(world, faults, walk.done, log, options)


def _replay(options: argparse.Namespace) -> int:
    from .databases import copy_of, world_database
    from .walking import Walk

    steps = [json.loads(line) for line in options.log.read_text().splitlines()]
    with world_database() as world:
        with copy_of(world):
            faults = Walk(leave_out=not options.with_open).replay(steps)
        return 1 if _tell(world, faults, steps, options.log, options) else 0


def _tell(world: str, faults: list[Any], steps: list[dict[str, Any]], log: Path, options: argparse.Namespace) -> bool:
    """Print the faults, and the shortest way to the first one."""
    from .databases import copy_of
    from .shrinking import shrink
    from .walking import Walk

    for fault in faults:
        _say(str(fault))
    if not faults or options.as_it_is:
        return bool(faults)

    def attempt(shorter: list[dict[str, Any]]) -> list[Any]:
        with copy_of(world):
            return Walk(leave_out=not options.with_open).replay(shorter)

    shortest = shrink(steps, faults[0], attempt)
    path = log.with_suffix(".shortest.jsonl")
    path.write_text("".join(json.dumps(step, ensure_ascii=False) + "\n" for step in shortest))
    _say(f"the shortest way to it, {len(shortest)} steps: python -m tests.walk replay {path}")
    for step in shortest:
        _say("  " + json.dumps(step, ensure_ascii=False))
    return True


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
