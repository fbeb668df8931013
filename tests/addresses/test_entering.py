"""What the ledger knows after publishing, correcting, withdrawing and renaming."""

from govplatform.addresses.actions import enter_site
from govplatform.addresses.canonical import stored_form
from govplatform.addresses.known import Ending, Kind
from govplatform.addresses.models import Address
from govplatform.addresses.queries import known_addresses
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from tests import factories


def paths(tenant, kind=None):
    return [known.path for known in known_addresses(tenant) if kind is None or known.kind == kind]


def test_a_new_site_is_in_the_ledger_with_its_frame(alpha):
    assert {"/", "/sitemap.xml", "/sitemap/", "/robots.txt", "/news/", "/news/feed.xml"} <= set(paths(alpha))


def test_a_published_page_is_in_the_ledger_with_the_same_commit(alpha):
    page = factories.live_article(title="普通信息", slug="plain")
    row = Address.objects.get(tenant=alpha, path="/news/plain/")
    assert (row.kind, row.object_id, row.title, row.state) == (Kind.PAGE, page.pk, "普通信息", "public")


def test_every_address_that_the_site_has_is_entered_by_publishing_alone(alpha, live, citizen):
    known = set(paths(alpha))
    entered = enter_site(alpha)
    assert entered == 0, set(paths(alpha)) - known
    for path in sorted(known):
        assert citizen("alpha").get(path).status_code == 200, path


def test_keys_made_in_sql_are_those_made_in_python(alpha, live):
    for row in Address.objects.filter(tenant=alpha):
        form = stored_form(row.path)
        assert (form.path, form.key, form.loose_key) == (row.path, row.key, row.loose)


def test_a_withdrawn_page_is_kept_as_past(alpha):
    page = factories.live_article(slug="plain")
    withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
    row = Address.objects.get(tenant=alpha, path=site_path(page))
    assert (row.state, row.ending) == ("past", Ending.WITHDRAWN)
    assert site_path(page) not in paths(alpha)
