import pytest

from tests.lifecycle.ending.ended import clean_folders


@pytest.fixture(autouse=True)
def _folders():
    with clean_folders():
        yield
