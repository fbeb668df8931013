"""Who opens the work list is kept waiting by no path that somebody has asked for."""

import pytest

from govplatform.addresses.suggesting import _OF_A_FOLDER

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", ["1" * 2000 + "x", "index" + "_1" * 900 + "x", "1-" * 1000])
def test_a_long_number_is_no_name_of_a_folder(name: str):
    """It took longer than anybody lives: each way of cutting the digits was tried."""
    assert _OF_A_FOLDER.fullmatch(name) is None


@pytest.mark.parametrize("name", ["index", "list_2", "index-12_3", "20240501", "", "default1"])
def test_names_that_a_folder_has_for_itself(name: str):
    assert _OF_A_FOLDER.fullmatch(name) is not None
