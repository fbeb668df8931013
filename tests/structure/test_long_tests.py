"""What is long by nature runs when it is asked for by its name, and at no other time."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.running import pytest_collection_modifyitems

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("asked", "left"),
    [("", {"short"}), ("unit", {"short"}), ("soak", {"short", "long"}), ("not soak", {"short", "long"})],
)
def test_a_choice_of_marks_that_does_not_name_it_leaves_the_soak_out(asked: str, left: set[str]) -> None:
    def item(name: str, marks: set[str]) -> Any:
        return SimpleNamespace(
            name=name,
            nodeid=f"tests/structure/test_long_tests.py::{name}",
            get_closest_marker=lambda mark: mark if mark in marks else None,
            fixturenames=(),
        )

    told: list[Any] = []
    items = [item("short", {"unit"}), item("long", {"unit", "soak"})]

    def collect(items: list[Any]) -> None:
        told.extend(items)

    config: Any = SimpleNamespace(
        option=SimpleNamespace(markexpr=asked), hook=SimpleNamespace(pytest_deselected=collect)
    )
    pytest_collection_modifyitems(config, items)
    # pytest itself sorts out what the words of the choice take from these.
    assert {one.name for one in items} == left
    assert {one.name for one in told} == {"short", "long"} - left
