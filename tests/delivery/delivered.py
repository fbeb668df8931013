"""Sites as they were delivered for the first time, for the tests that begin with them."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from govplatform.delivery.delivering import deliver
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests.layers import layered_on_live

#: Of this process alone, for as long as it lives.
_FOLDER = tempfile.TemporaryDirectory(prefix="delivered-once-")


def first_delivery(*codes: str) -> Path:
    """Deliver these sites, in a layer; return where the files lie."""
    folder = Path(_FOLDER.name, "delivered")
    shutil.rmtree(folder, ignore_errors=True)
    with override_settings(DELIVERY_ROOT=folder, WHITENOISE_USE_FINDERS=True):
        for code in codes:
            deliver(get_tenant(code))
    return folder


def lay_there(folder: Path, settings: Any, tmp_path: Path) -> None:
    """Give a test the files of a layer, with their hard links, as they were made."""
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    subprocess.run(["cp", "-a", folder, settings.DELIVERY_ROOT], check=True)


@layered_on_live
def delivered_once() -> Path:
    """Where the files of site alpha lie as they were delivered for the first time."""
    return first_delivery("alpha")


@pytest.fixture
def site(delivered_once: Path, settings: Any, tmp_path: Path) -> Tenant:
    """Site alpha with every file delivered."""
    lay_there(delivered_once, settings, tmp_path)
    return get_tenant("alpha")


@layered_on_live
def delivered_on_both() -> Path:
    """The same of both sites."""
    return first_delivery("alpha", "beta")
