"""Site alpha as it was delivered for the first time, for the tests that begin with it."""

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


@layered_on_live
def delivered_once() -> Path:
    """Where the files of site alpha lie as they were delivered for the first time."""
    folder = Path(_FOLDER.name, "delivered")
    shutil.rmtree(folder, ignore_errors=True)
    with override_settings(DELIVERY_ROOT=folder, WHITENOISE_USE_FINDERS=True):
        deliver(get_tenant("alpha"))
    return folder


@pytest.fixture
def site(delivered_once: Path, settings: Any, tmp_path: Path) -> Tenant:
    """Site alpha with every file delivered."""
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    # With its hard links, as they were made.
    subprocess.run(["cp", "-a", delivered_once, settings.DELIVERY_ROOT], check=True)
    return get_tenant("alpha")
