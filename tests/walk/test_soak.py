"""Long walks: many seeds one after the other, and three processes at once on one database."""

import random
from random import Random

import pytest

from .databases import copy_of
from .processes import walk_at_once
from .walking import Walk

pytestmark = pytest.mark.soak
#: Drawn anew each time; what fails names it.
SEED = random.SystemRandom().randrange(10**6)


@pytest.mark.parametrize("number", range(5))
def test_a_long_walk_meets_no_fault_and_everything_ends(world_of_the_walk: str, django_db_blocker, number: int):
    seed = SEED + number
    print(f"\nseed {seed}")
    with django_db_blocker.unblock(), copy_of(world_of_the_walk):
        walk = Walk(every=40)
        faults = walk.run(Random(seed), 800) or walk.finish()
    assert not faults, f"python -m tests.walk run --seed {seed} --steps 800 --every 40\n" + "\n".join(map(str, faults))


def test_three_processes_at_once_meet_no_fault_and_everything_ends(django_db_setup, django_db_blocker):
    print(f"\nseed {SEED}")
    with django_db_blocker.unblock():
        faults = walk_at_once(SEED, 1500, 3, say=print)
    assert not faults, f"python -m tests.walk run --seed {SEED} --steps 1500 --processes 3"
