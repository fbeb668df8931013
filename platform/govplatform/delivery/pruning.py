"""Letting go of releases to which nobody goes back any more, and of files that none of the others has."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .keys import publishers_key
from .models import DeliveredFile, SiteDelivery, SiteRelease
from .release.signed import read_signed
from .release.store import STORE
from .release.trees import Site
from .releasing import root

_AT_ONCE = 1_000
#: A file that is younger may belong to a release that is being put together.
_YOUNG_SECONDS = 24 * 3600


def prune() -> tuple[int, int]:
    """Delete releases older than ``DELIVERY_KEPT_DAYS`` but the newest of each site, and what only they had.

    Returns how many releases and how many files of the store went.
    """
    before = timezone.now() - timedelta(days=settings.DELIVERY_KEPT_DAYS)
    gone = 0
    for state in SiteDelivery.objects.all():
        old = SiteRelease.objects.filter(tenant=state.pk, signed_at__lt=before, sequence__lt=state.sequence)
        last = old.order_by("-sequence").values_list("sequence", flat=True).first()
        if last is not None:
            DeliveredFile.objects.filter(tenant=state.pk, until__lte=last).delete()
            gone += old.delete()[0]
    return gone, _sweep()


def _sweep() -> int:
    deleted = 0
    needed = _parts_in_place()
    for paths in _old_files():
        names = [path.name for path in paths]
        kept = {
            digest
            for form in ("sha256", "gzip", "brotli", "headers")
            for digest in DeliveredFile.objects.filter(**{f"{form}__in": names}).values_list(form, flat=True)
        }
        for path in paths:
            if path.name not in kept and path.name not in needed:
                path.unlink(missing_ok=True)
                deleted += 1
    return deleted


def _parts_in_place() -> set[str]:
    key = publishers_key().public_key()
    needed: set[str] = set()
    for host in SiteDelivery.objects.exclude(host="").values_list("host", flat=True):
        if envelope := Site(root(), host).envelope():
            needed.update(read_signed(envelope, key).parts.values())
    return needed


def _old_files() -> Iterator[list[Path]]:
    held: list[Path] = []
    before = time.time() - _YOUNG_SECONDS
    for folder in sorted((root() / STORE).glob("??")):
        with os.scandir(folder) as found:
            held += [Path(entry.path) for entry in found if entry.is_file() and entry.stat().st_mtime < before]
        if len(held) >= _AT_ONCE:
            yield held
            held = []
    if held:
        yield held
