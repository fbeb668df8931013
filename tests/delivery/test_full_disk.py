"""A disk that fills at any place of a delivery: what lay there stays, all files whole, and it goes on by itself."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from govplatform.delivery.delivering import deliver
from govplatform.delivery.models import SiteDelivery
from govplatform.delivery.pauses import Pauses
from govplatform.delivery.publisher import attempt
from govplatform.review.queries import site_path
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .looking import delivered, folder_of, out_of_date
from .test_at_bad_moments import lying, small_disk
from .test_kills import torn

pytestmark = pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")


def fill(disk: Path, *, left: int) -> Path:
    """Fill the disk up to ``left`` KiB; return the file that does."""
    filler = disk / "filler.bin"
    with filler.open("wb", buffering=0) as stream:
        with pytest.raises(OSError, match="No space"):
            while True:
                stream.write(b"x" * 4_096)
        stream.truncate(max(0, filler.stat().st_size - left * 1_024))
    return filler


def trees(site: Tenant) -> list[str]:
    return sorted(path.name for path in folder_of(site).parent.iterdir())


def test_the_disk_fills_wherever_it_does(live: Any, db: None, settings: Any, tmp_path: Path):
    settings.WHITENOISE_USE_FINDERS = True
    with small_disk(tmp_path / "disk", 24) as disk:
        settings.DELIVERY_ROOT = disk / "delivery"
        site = get_tenant("alpha")
        deliver(site)
        before, tree = lying(site), trees(site)

        # everything anew: all of it lies in the store, a second tree of it has no room
        filler = fill(disk, left=64)
        assert not attempt(site.pk, lambda one: deliver(one, everything=True), Pauses())
        assert "静态文件写不下来" in SiteDelivery.objects.get(pk=site.pk).error
        assert lying(site) == before and trees(site) == tree
        filler.unlink()
        assert attempt(site.pk, deliver, Pauses()) and out_of_date(site) == []

        # one page and what shows it: in the store, the parts, the list, or among the files that are put in place
        failed = 0
        for left in (0, 8, 40, 80, 120, 160, 200):
            with tenant_context(site):
                page = factories.live_article(title=f"余{left}千字节时发布")
            before = lying(site)
            filler = fill(disk, left=left)
            failed += not attempt(site.pk, deliver, Pauses())
            assert torn(site) == [] and before.keys() <= lying(site).keys(), left
            filler.unlink()
            assert attempt(site.pk, deliver, Pauses()) and out_of_date(site) == [], left
            assert page.title.encode() in (delivered(site, site_path(page)) or b"")
        assert failed > 2
        assert not list(disk.rglob(".new.*"))
