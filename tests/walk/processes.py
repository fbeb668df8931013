"""Several walks at once on one database: what the others do in between is what is tried."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from tests import database

from .databases import copy_of, world_database
from .walking import Fault, Walk

#: Steps between two looks of each process: three of them look often enough.
_EVERY = 60


def walk_at_once(
    seed: int, steps: int, processes: int, *, leave_out: bool = True, say: Callable[[str], None]
) -> list[Fault]:
    """``processes`` walks of ``steps`` steps each, with the seeds from ``seed`` on; then everything comes to its end.

    Returns all faults. Such a walk cannot be repeated step by step: the same seeds meet each other differently.
    """
    # A clock that runs, for all of them: none stands still while another acts.
    with world_database(begins=None) as prepared, copy_of(prepared) as name:
        children = [_start(name, number, steps, leave_out) for number in range(seed, seed + processes)]
        faults = []
        for child in children:
            output, errors = child.communicate()
            told = json.loads(output.splitlines()[-1]) if child.returncode == 0 else None
            if told is None:
                faults.append(Fault("exception", f"a process ended with {child.returncode}: {errors[-2000:]}", 0))
                continue
            faults += [Fault(**fault) for fault in told["faults"]]
            say(f"{told['seed']}: {told['steps']} steps; " + ", ".join(f"{k} {n}" for k, n in told["counts"].items()))
        ending = Walk(leave_out=leave_out)
        faults += ending.finish()
    for fault in faults:
        say(str(fault))
    return faults


def _start(name: str, seed: int, steps: int, leave_out: bool) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "tests.walk", "join", "--seed", str(seed), "--steps", str(steps)]
    return subprocess.Popen(
        [*words, *([] if leave_out else ["--with-open"])],
        cwd=database.ROOT,
        env={**os.environ, "DATABASE_URL": database.database_url(name)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def join(seed: int, steps: int, *, leave_out: bool) -> dict[str, Any]:
    """What one of them does, and tells: ``{"seed", "steps", "faults", "counts"}``. It goes on after a fault."""
    walk = Walk(shared=True, every=_EVERY, leave_out=leave_out)
    seen: dict[str, Fault] = {}
    rng = Random(seed)
    while walk.world.step < steps:
        # A walk stops at a fault; the rest of the way is another stretch.
        walk.faults = []
        for fault in walk.run(rng, steps - walk.world.step):
            seen.setdefault(f"{fault.name} {fault.about.get('act')}", fault)
    return {
        "seed": seed,
        "steps": len(walk.done),
        "faults": [{"name": f.name, "text": f.text, "step": f.step, "about": _plain(f.about)} for f in seen.values()],
        "counts": Counter(_kinds(walk.counts)),
    }


def _kinds(counts: Counter[str]) -> dict[str, int]:
    kinds: Counter[str] = Counter()
    for name, number in counts.items():
        kinds[name.rpartition(": ")[2] if ": " in name else name] += number
    return dict(kinds)


def _plain(about: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(about, default=str))  # type: ignore[no-any-return]
