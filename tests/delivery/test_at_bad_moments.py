"""Moments at which something goes wrong: a full disk, a clock set back, acts in quick succession."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.delivery.delivering import deliver, take_down
from govplatform.delivery.models import Change, SiteDelivery
from govplatform.delivery.pauses import Pauses
from govplatform.delivery.publisher import attempt
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.home.recommending import recommend_page
from tests import factories

from . import attacks_on_files as attacks
from .delivered import delivered_once, site
from .looking import delivered, folder_of, is_gone, out_of_date
from .publishing import Publisher
from .test_verifying import settled

__all__ = ["delivered_once", "site"]


def lying(tenant: Tenant) -> dict[str, bytes]:
    tree = folder_of(tenant)
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond ``size`` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_old_release_and_is_said(site: Tenant):
    before = lying(site)
    with tenant_context(site):
        page = factories.live_article(title="磁盘写满时发布的信息")
    with no_room_beyond(2_000):
        assert not attempt(site.pk, deliver, Pauses())
    assert lying(site) == before
    assert "静态文件写不下来" in SiteDelivery.objects.get(pk=site.pk).error
    assert Change.objects.filter(tenant=site).exists()
    assert attempt(site.pk, deliver, Pauses())
    assert out_of_date(site) == [] and SiteDelivery.objects.get(pk=site.pk).error == ""
    assert "磁盘写满时发布的信息".encode() in (delivered(site, site_path(page)) or b"")


def test_published_withdrawn_and_published_again_at_once(site: Tenant):
    """With a delivery at each place between the acts, and with none."""
    for deliveries in range(8):
        with tenant_context(site):
            page = factories.live_article(title="一秒之内")
        if deliveries & 1:
            deliver(site)
        with tenant_context(site):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        if deliveries & 2:
            take_down(site)
            assert delivered(site, site_path(page)) is None
        if deliveries & 4:
            deliver(site)
            assert is_gone(site, site_path(page)) or not deliveries & 1
        with tenant_context(site):
            factories.publish(type(page).objects.get(pk=page.pk))
        # What came down before it was published again is looked at late.
        take_down(site)
        deliver(site)
        assert "一秒之内".encode() in (delivered(site, site_path(page)) or b""), deliveries
        assert not is_gone(site, site_path(page))
        assert "一秒之内".encode() in (delivered(site, "/") or b"")
    assert out_of_date(site) == []


def test_a_clock_set_back_keeps_nothing_from_coming_down(site: Tenant, time_machine: Any):
    """What was cleared "tomorrow" comes down today. To clear something the gate asks the clock of the database."""
    with tenant_context(site):
        page, later = factories.live_article(title="拨钟之前"), factories.live_article(title="另一篇")
    deliver(site)
    number = SiteDelivery.objects.get(pk=site.pk).sequence
    time_machine.move_to(timezone.now() - timedelta(days=3))
    with tenant_context(site):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        recommend_page(later, acting_user=factories.user("alpha_editor"))
    assert take_down(site) is not None and is_gone(site, site_path(page))
    deliver(site)
    assert out_of_date(site) == [] and "拨钟之前".encode() not in (delivered(site, "/") or b"")
    assert SiteDelivery.objects.get(pk=site.pk).sequence > number


@pytest.mark.unit
def test_releases_signed_by_a_clock_set_back_are_the_newest(tmp_path: Path):
    """Numbers rise whatever the clock says; what was signed later by the clock and earlier in fact is a replay."""
    published = Publisher(tmp_path)
    old = published.publish()
    assert published.verify(repair=True).faults == []
    published.sequence = 59
    published.publish({"news/1/index.html": None})
    published.sequence = 60  # the next one is signed at second 01, before the last
    published.publish({"index.html": b"<h1>newest</h1>" * 200})
    assert published.verify(repair=True).faults == [] and settled(published)
    (published.tree / ".release.json").write_bytes(old)
    assert published.verify(repair=True).faults and settled(published)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own with so much room; skips where none can be mounted."""
    folder.mkdir()
    options = f"size={megabytes}m"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.unit
@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
def test_who_fills_the_disk_gains_nothing(tmp_path: Path):
    """Files are changed, and nothing can be written any more: what fills the disk goes, what was there comes back."""
    with small_disk(tmp_path / "disk", 8) as disk:
        published = Publisher(disk)
        published.publish({"large.txt": b"large " * 100_000})
        assert published.verify(repair=True).faults == []
        attacks._write_over(published.tree)
        (published.tree / "large.txt").unlink()
        with pytest.raises(OSError, match="No space"), (published.tree / "news/filler.bin").open("wb") as filler:
            while True:
                filler.write(b"x" * 65_536)
        for _sweep in range(3):
            published.verify(repair=True)
        assert settled(published)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
def test_what_comes_down_comes_down_from_a_full_disk_too(live: Any, db: None, settings: Any, tmp_path: Path):
    settings.WHITENOISE_USE_FINDERS = True
    with small_disk(tmp_path / "disk", 24) as disk:
        settings.DELIVERY_ROOT = disk / "delivery"
        site = get_tenant("alpha")
        with tenant_context(site):
            page = factories.live_article(title="满盘也要撤下")
        deliver(site)
        before = lying(site)
        with pytest.raises(OSError, match="No space"), (disk / "filler.bin").open("wb") as filler:
            while True:
                filler.write(b"x" * 4_096)
        with tenant_context(site):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        assert attempt(site.pk, take_down, Pauses()) == is_gone(site, site_path(page))
        assert delivered(site, site_path(page)) is None
        left = lying(site)
        kept = {place: content for place, content in left.items() if place in before and "release" not in place}
        assert kept and kept.items() <= before.items()
        (disk / "filler.bin").unlink()
        assert attempt(site.pk, take_down, Pauses()) and is_gone(site, site_path(page))
        deliver(site)
        assert out_of_date(site) == []
