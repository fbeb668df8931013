"""What came down on several sites goes from all of them together, before a release of any of them is made."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django_tenants.utils import tenant_context

from content_library.distribution.recalls.actions import recall_resource
from content_library.models import Resource
from govplatform.delivery import delivering, publisher, taking_out
from govplatform.delivery.delivering import deliver, take_down
from govplatform.delivery.keys import publishers_key
from govplatform.delivery.models import Change, DeliveredFile, DownList, SiteDelivery, SiteRelease
from govplatform.delivery.pauses import Pauses
from govplatform.delivery.publisher import Publisher
from govplatform.delivery.release.signed import PublicKeys
from govplatform.delivery.release.taken_down import list_in_place
from govplatform.delivery.taking_out import take_out, without_page
from govplatform.delivery.verifying.faults import Findings
from govplatform.delivery.verifying.sweeping import sweep
from govplatform.delivery.verifying.verifier import Place, verifier
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from tests import factories
from tests.layers import layered_on_live
from tests.reposts.conftest import live_at, reposted_at
from tests.statements import Statements

from .delivered import first_delivery, lay_there
from .looking import delivered, is_gone, out_of_date
from .test_at_bad_moments import small_disk


def root() -> Path:
    return Path(django_settings.DELIVERY_ROOT)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"


@layered_on_live
def delivered_twice() -> tuple[Path, int, dict[str, str]]:
    """The files of two sites, the key of a resource that both show, and its address on each."""
    page, resource = live_at("alpha", title="两站都有的信息")
    shown = reposted_at("beta", resource)
    return first_delivery("alpha", "beta"), resource.pk, {"alpha": site_path(page), "beta": site_path(shown)}


@pytest.fixture
def shown_twice(
    delivered_twice: tuple[Path, int, dict[str, str]], settings: Any, tmp_path: Path
) -> tuple[Any, dict[Tenant, str]]:
    """A resource, and its address on each of two sites whose files are delivered."""
    folder, key, addresses = delivered_twice
    lay_there(folder, settings, tmp_path)
    resource = Resource.objects.select_related("current", "tenant").get(pk=key)
    both = {get_tenant(code): address for code, address in addresses.items()}
    assert all(delivered(site, address) for site, address in both.items())
    return resource, both


def verified(folder: Path, *, memory: str = "memory") -> Findings:
    place = Place(root(), Path(django_settings.DELIVERY_PUBLIC_KEY_FILE), folder / memory, folder / "quarantine")
    with verifier(place, repair=True) as means:
        for _step in sweep(means):
            pass
        return means.findings


def recall(resource: Any) -> None:
    recall_resource(resource, acting_user=factories.user("alpha_content"), reason="数据有误，须重新核实。")


def releases() -> int:
    return SiteRelease.objects.count()


def test_a_recall_goes_from_all_sites_at_once(shown_twice: Any, tmp_path: Path):
    resource, both = shown_twice
    assert verified(tmp_path).faults == []
    recall(resource)
    before = releases()
    assert take_out() >= len(both)
    # Nothing was rendered or signed but the one list; what was told is carried out that far.
    assert releases() == before and not Change.objects.filter(down=True).exists()
    assert all(delivered(site, address) is None for site, address in both.items())
    taken = list_in_place(root(), PublicKeys(publishers_key().public_key()))
    assert taken is not None and set(taken.hosts) == {site.public_host for site in both}
    # A verifier that has seen the releases before, and one that begins now, leave it so.
    for memory in ("memory", "another"):
        assert verified(tmp_path, memory=memory).faults == []
    assert all(delivered(site, address) is None for site, address in both.items())
    # Each site's next release says so, with the page that says it; the list is of no more weight then.
    for site, address in both.items():
        assert address in without_page()[site.pk]
        assert take_down(site) is not None and is_gone(site, address)
        deliver(site)
        assert is_gone(site, address)
    assert without_page() == {} and verified(tmp_path).faults == []


def test_a_recall_costs_as_many_statements_on_two_sites_as_on_one(shown_twice: Any):
    resource, both = shown_twice
    alpha, beta = both
    DownList.objects.get_or_create(pk=DownList.ONE)
    with tenant_context(alpha):
        alone = factories.live_article(title="一站的信息")
    deliver(alpha)
    with tenant_context(alpha):
        withdraw_page(alone, acting_user=factories.user("alpha_content"), reason="测试撤回")
    with Statements() as one:
        assert take_out()
    recall(resource)
    with Statements() as two:
        assert take_out()
    assert delivered(beta, both[beta]) is None
    assert len(two) == len(one)


def test_a_delivery_that_began_before_brings_nothing_back(shown_twice: Any, monkeypatch: Any):
    """Of a recalled resource the ledger hears later, so what was rendered before says that it is public."""
    resource, both = shown_twice
    _alpha, beta = both
    original = delivering.release

    def recalled_meanwhile(*arguments: Any, **facts: Any) -> Any:
        monkeypatch.setattr(delivering, "release", original)
        recall(resource)
        assert take_out()
        return original(*arguments, **facts)

    monkeypatch.setattr(delivering, "release", recalled_meanwhile)
    deliver(beta, everything=True)
    assert is_gone(beta, both[beta]) and not Change.objects.filter(tenant=beta).exists()


def test_any_delivery_puts_the_page_there_that_says_it(shown_twice: Any):
    """Whoever took the files out may be killed before anything else is done; nothing but the rows tells."""
    resource, both = shown_twice
    recall(resource)
    take_out()
    Change.objects.all().delete()
    for site, address in both.items():
        deliver(site)
        assert is_gone(site, address)


def test_what_a_kill_left_half_done_is_done(shown_twice: Any, monkeypatch: Any, tmp_path: Path):
    """Between the rows and the list, and between the list and the files; a release may come first."""
    resource, both = shown_twice
    alpha, beta = both
    for step in ("place_list", "_remove"):
        with tenant_context(alpha):
            page = factories.live_article(title=f"半途{step}")
        deliver(alpha)
        with tenant_context(alpha):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(taking_out, step, _killed)
            take_out()
        assert delivered(alpha, site_path(page)) and Change.objects.filter(down=True).exists()
        assert take_out() == 1 and delivered(alpha, site_path(page)) is None
        assert verified(tmp_path, memory=step).faults == []
    recall(resource)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(taking_out, "place_list", _killed)
        take_out()
    deliver(beta)
    assert is_gone(beta, both[beta]) and verified(tmp_path).faults == []


def _killed(*_arguments: Any) -> None:
    raise KeyboardInterrupt


def test_what_is_published_again_is_there_again(shown_twice: Any, tmp_path: Path):
    """With the list still in place, and the same words."""
    _resource, both = shown_twice
    alpha, _beta = both
    with tenant_context(alpha):
        page = factories.live_article(title="撤下又公开")
    deliver(alpha)
    verified(tmp_path)
    with tenant_context(alpha):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    take_out()
    with tenant_context(alpha):
        factories.publish(type(page).objects.get(pk=page.pk))
    deliver(alpha)
    assert delivered(alpha, site_path(page)) and verified(tmp_path).faults == []
    assert delivered(alpha, site_path(page)) and out_of_date(alpha) == []


def test_a_second_list_says_what_the_first_one_said_and_no_release_does(shown_twice: Any, tmp_path: Path):
    resource, both = shown_twice
    alpha, beta = both
    with tenant_context(alpha):
        other = factories.live_article(title="随后撤下的信息")
    deliver(alpha)
    recall(resource)
    take_out()
    with tenant_context(alpha):
        withdraw_page(other, acting_user=factories.user("alpha_content"), reason="测试撤回")
    take_out()
    # A verifier that has seen nothing of the first one.
    assert verified(tmp_path, memory="new").faults == []
    assert delivered(alpha, site_path(other)) is None and delivered(beta, both[beta]) is None
    # What a release says by now stands on no further list.
    take_down(beta)
    with tenant_context(alpha):
        third = factories.live_article(title="第三篇")
        withdraw_page(third, acting_user=factories.user("alpha_content"), reason="测试撤回")
    deliver(alpha)
    assert verified(tmp_path, memory="third").faults == []


def test_what_is_too_much_for_a_list_is_said_by_releases(shown_twice: Any, monkeypatch: Any):
    _resource, both = shown_twice
    monkeypatch.setattr(taking_out, "_MOST", 1)
    with tenant_context(next(iter(both))):
        page = Article.objects.get(title="两站都有的信息")
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    take_out()
    assert Change.objects.filter(down=True).exists()
    for site, address in both.items():
        take_down(site)
        deliver(site)
        assert is_gone(site, address)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
def test_from_a_full_disk_it_goes_with_the_list_that_says_so(live: Any, db: None, settings: Any, tmp_path: Path):
    """The list is written with the room of what it names, and the verifier holds still until then."""
    with small_disk(tmp_path / "disk", 24) as disk:
        settings.DELIVERY_ROOT = disk / "delivery"
        site = get_tenant("alpha")
        with tenant_context(site):
            page = factories.live_article(title="满盘也要撤下")
        deliver(site)
        with pytest.raises(OSError, match="No space"), (disk / "filler.bin").open("wb") as filler:
            while True:
                filler.write(b"x" * 4_096)
        with tenant_context(site):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        assert take_out() and delivered(site, site_path(page)) is None
        assert verified(tmp_path).restored == []
        assert delivered(site, site_path(page)) is None


def test_the_publisher_takes_out_before_it_renders(shown_twice: Any, monkeypatch: Any):
    """All files are gone when the first page is rendered that says so."""
    resource, both = shown_twice
    seen: list[set[bool]] = []
    original = publisher.take_down

    def looked(tenant: Tenant) -> Any:
        seen.append({delivered(site, address) is None for site, address in both.items()})
        return original(tenant)

    monkeypatch.setattr(publisher, "take_down", looked)
    recall(resource)
    Publisher()._take_down_all(Pauses())
    assert seen == [{True}] * len(both)
    assert all(is_gone(site, address) for site, address in both.items())
    assert SiteDelivery.objects.exclude(error="").count() == 0
    assert not DeliveredFile.objects.filter(until__isnull=True, status=410, place="").exists()
