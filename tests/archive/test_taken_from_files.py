"""An archive of a site whose files are delivered takes from them what is certain, and is the same bytes as rendered."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.distribution.recalls.actions import recall_resource
from govplatform.addresses.canonical import location_of
from govplatform.archive.actions import export_archive
from govplatform.archive.package.layout import METADATA_JSON
from govplatform.archive.verification.checking import verify_archive
from govplatform.delivery.actions import ask_to_go_back
from govplatform.delivery.certain import find_certain
from govplatform.delivery.changes import note_change, pages_read
from govplatform.delivery.delivering import deliver, take_down
from govplatform.delivery.models import Change, DeliveredFile, SiteDelivery, SiteRelease
from govplatform.delivery.pruning import prune
from govplatform.delivery.release.store import Store
from govplatform.delivery.release.trees import Site
from govplatform.delivery.taking_out import take_out
from govplatform.rendering import kept
from govplatform.rendering.renderer import Renderer
from govplatform.rendering.state import one_state
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from tests import factories
from tests.delivery.delivered import delivered_once, site
from tests.reposts.conftest import live_at

__all__ = ["delivered_once", "site"]

HOME = "/"


class Looked:
    """``taken``: targets that came out of files in the last archive; ``rendered``: those that were rendered."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.rendered: list[str] = []


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    seen, taken, answer = Looked(), Renderer._taken, Renderer._answer

    def take(self: Renderer, target: str, *rest: Any) -> Any:
        seen.taken.append(target)
        return taken(self, target, *rest)

    def render(self: Renderer, target: str, *rest: Any) -> Any:
        seen.rendered.append(target)
        return answer(self, target, *rest)

    monkeypatch.setattr(Renderer, "_taken", take)
    monkeypatch.setattr(Renderer, "_answer", render)
    return seen


@pytest.fixture
def archived(site: Tenant, tmp_path: Path, looked: Looked) -> Iterator[Callable[[], dict[str, bytes]]]:
    """``archived()``: the files of an archive of the site as it is now, by their paths in it."""
    made: list[Path] = []

    def make() -> dict[str, bytes]:
        looked.taken.clear(), looked.rendered.clear()
        made.append(tmp_path / f"archive-{len(made)}")
        export_archive(site, made[-1])
        assert verify_archive(made[-1]).ok
        return _files(made[-1])

    yield make


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _rendered_alone(archived: Callable[[], dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    with monkeypatch.context() as patched:
        patched.setattr(kept, "_finders", [])
        return archived()


def _stored(site: Tenant, address: str) -> tuple[DeliveredFile, Path]:
    row = DeliveredFile.objects.get(tenant=site, address=address, until__isnull=True)
    return row, Store(Path(django_settings.DELIVERY_ROOT)).path_of(row.sha256)


def test_what_is_taken_and_what_is_rendered_are_the_same_bytes(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked, monkeypatch: pytest.MonkeyPatch
):
    """Payloads, headers, indexes, digests, the signature of the certificate: every file of the archive."""
    with_files = archived()
    pages = DeliveredFile.objects.filter(tenant=site, until__isnull=True, status=200, type="text/html")
    addresses = pages.exclude(place="").values_list("address", flat=True)
    assert set(map(location_of, addresses)) <= set(looked.taken) and len(addresses) > 20
    assert not set(looked.taken) & set(looked.rendered)
    assert not any(target.startswith(("/documents/", "/media/")) for target in looked.taken)
    assert with_files == _rendered_alone(archived, monkeypatch)
    assert looked.taken == []


def test_while_a_change_waits_nothing_is_taken(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked, monkeypatch: pytest.MonkeyPatch
):
    """The neighbours of a new page are known to nobody before it is rendered."""
    with tenant_context(site):
        page = factories.live_article(title="还没有生成文件的信息")
    assert Change.objects.filter(tenant=site).exists()
    waiting = archived()
    assert looked.taken == [] and site_path(page) in looked.rendered
    deliver(site)
    # The same state, and the same archive.
    assert archived() == waiting
    assert site_path(page) in looked.taken and HOME in looked.taken


def test_what_came_down_is_taken_from_no_file(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked, monkeypatch: pytest.MonkeyPatch
):
    with tenant_context(site):
        page = factories.live_article(title="将要撤回的信息")
    deliver(site)
    with tenant_context(site):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    for step in (lambda: None, lambda: take_out([site.pk]), lambda: take_down(site), lambda: deliver(site)):
        step()
        made = archived()
        assert site_path(page) not in looked.taken
        assert "将要撤回的信息".encode() not in b"".join(made.values())
    assert HOME in looked.taken
    assert made == _rendered_alone(archived, monkeypatch)


def test_what_comes_down_in_the_course_of_an_archive_is_rendered_in_its_state(site: Tenant):
    """The archive is of one moment, in which the page was public; from no file is taken what is public no more."""
    with tenant_context(site):
        page = factories.live_article(title="采集途中撤回的信息")
    deliver(site)
    target, began = [site_path(page)], SiteDelivery.objects.get(pk=site.pk).sequence

    def found() -> Any:
        with tenant_context(site), one_state():
            return find_certain(site, public_url(site, "").rstrip("/"), target)

    def as_it_began() -> None:
        """Rows as a state sees them that began before."""
        Change.objects.filter(tenant=site).delete()
        SiteDelivery.objects.filter(pk=site.pk).update(taken_out=0, sequence=began)
        DeliveredFile.objects.filter(tenant=site, address=site_path(page), since__gt=began).delete()
        DeliveredFile.objects.filter(tenant=site, address=site_path(page), until__gt=began).update(until=None)

    assert list(found()) == target
    with tenant_context(site):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    # Of the files it has gone, and no release says so yet.
    take_out([site.pk])
    as_it_began()
    assert not found()
    # The next release is in place.
    (Path(django_settings.DELIVERY_ROOT) / ".taken-down.json").unlink()
    assert list(found()) == target
    note_change(site, pages_read(page.pk), down=True)
    deliver(site)
    as_it_began()
    assert not found()


def test_a_recall_makes_the_files_uncertain_with_its_commit(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked
):
    page, resource = live_at("alpha", title="将要收回的信息")
    deliver(site)
    archived()
    assert site_path(page) in looked.taken
    recall_resource(resource, acting_user=factories.user("alpha_content"), reason="数据有误，须重新核实。")
    archived()
    assert looked.taken == []


def test_what_is_not_whole_or_not_signed_is_rendered(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked, settings: Any, tmp_path: Path
):
    """A file of the store, the row of the database, the release itself, the list of what came down."""
    right = archived()
    taken = set(looked.taken)
    row, path = _stored(site, HOME)
    body = path.read_bytes()

    path.chmod(0o644)
    path.write_bytes(body.replace(b"<title>", b"<title>x", 1))
    assert archived() == right and taken - set(looked.taken) == {HOME}
    path.write_bytes(body)

    # Somebody who can write rows and files, and cannot sign.
    forged = Store(Path(settings.DELIVERY_ROOT)).put(body.replace(b"<title>", b"<title>x", 1))
    DeliveredFile.objects.filter(pk=row.pk).update(sha256=forged)
    assert archived() == right and taken - set(looked.taken) == {HOME}
    DeliveredFile.objects.filter(pk=row.pk).update(sha256=row.sha256)

    DeliveredFile.objects.filter(pk=row.pk).update(headers=row.sha256)
    assert archived() == right and taken - set(looked.taken) == {HOME}
    DeliveredFile.objects.filter(pk=row.pk).update(headers=row.headers)

    release = Site(Path(settings.DELIVERY_ROOT), site.public_host).current / ".release.json"
    signed = release.read_bytes()
    release.write_bytes(signed.replace(b'"sig":"', b'"sig":"AAAA', 1))
    assert archived() == right and looked.taken == []
    release.write_bytes(signed)

    down = Path(settings.DELIVERY_ROOT) / ".taken-down.json"
    down.write_bytes(b"{}")
    assert archived() == right and looked.taken == []
    down.unlink()

    settings.DELIVERY_PUBLIC_KEY_FILE = tmp_path / "none.pub"
    assert archived() == right and looked.taken == []


def test_what_says_something_else_from_a_day_on_is_rendered(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked
):
    DeliveredFile.objects.filter(tenant=site, address=HOME).update(good_until=timezone.now())
    archived()
    assert HOME in looked.rendered and looked.taken


def test_after_going_back_the_archive_holds_what_the_site_says(
    site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked, monkeypatch: pytest.MonkeyPatch
):
    """What lies there is older by will; the archive is of what is published."""
    with tenant_context(site):
        factories.live_article(title="后来的信息")
    deliver(site)
    first = SiteRelease.objects.filter(tenant=site, cause=SiteRelease.Cause.WHOLE).latest("sequence")
    ask_to_go_back(site, first.sequence, acting_user=None, reason="测试")
    deliver(site)
    made = archived()
    assert HOME in looked.rendered and looked.taken
    assert "/news/" in looked.rendered and "后来的信息".encode() in made[METADATA_JSON]
    assert made == _rendered_alone(archived, monkeypatch)


def test_headers_outlive_the_nightly_cleaning(site: Tenant, archived: Callable[[], dict[str, bytes]], looked: Looked):
    store = Path(django_settings.DELIVERY_ROOT)
    for path in store.glob(".store/*/*"):
        os.utime(path, (0, 0))
    prune()
    archived()
    assert HOME in looked.taken
