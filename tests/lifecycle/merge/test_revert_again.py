"""Merged, taken back and merged again, and again: nothing is left over, and nothing is lost; confirmed once."""

import threading

from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.merge.actions import confirm_merge, request_merge, revert_merge
from govplatform.lifecycle.merge.running import run_merge
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.columns.actions import create_column
from sites.columns.listing import list_page_in
from sites.columns.pinning import pin_page
from tests import factories
from tests.isolation.conftest import fingerprint
from tests.lifecycle.life import clear_notices, retiring
from tests.lifecycle.test_offline import in_days


def merged():
    source, destination = get_tenant("beta"), get_tenant("alpha")
    merge = request_merge(source, destination, acting_user=factories.user("operator"), queued=False)
    return run_merge(merge.pk)


def test_twice_back_and_forth_then_confirmed_once(own_database):
    with tenant_context(get_tenant("beta")):
        page = factories.live_article(
            "beta", title="县", slug="county", picture=factories.image(uploader="beta_editor")
        )
        # A column that alpha does not have comes below a channel of its own, with cleared words of both.
        towns = create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        factories.publish(factories.draft_page(Article, "towns", "beta_editor", title="乡镇一", slug="one"), "beta")
        editor = factories.user("beta_editor")
        list_page_in(page, [towns], acting_user=editor)
        pin_page(page, towns, in_days(9), acting_user=editor)
    retiring("beta")
    before = {code: fingerprint(get_tenant(code).schema_name) for code in ("alpha", "beta")}
    titles = []
    for _turn in range(2):
        merge = merged()
        assert (merge.state, merge.faults) == ("moved", [])
        with tenant_context(get_tenant("alpha")):
            titles.append(Page.objects.filter(title="县", live=True).count())
        merge = revert_merge(
            Merge.objects.get(pk=merge.pk), acting_user=factories.user("operator"), reason="栏目有误。"
        )
        assert merge.state == "reverted" and not get_tenant("beta").frozen
    assert titles == [1, 1]
    after = {code: fingerprint(get_tenant(code).schema_name) for code in ("alpha", "beta")}
    differing = {code: sorted(t for t in before[code] if before[code][t] != after[code][t]) for code in before}
    # The drafts of the completion notices are gone; that they were there is what Wagtail's log and the scans say.
    assert not differing["beta"]
    assert set(differing["alpha"]) <= {"wagtailcore_pagelogentry", "confidentiality_scan"}, differing
    merge = merged()
    assert (merge.state, merge.faults) == ("moved", [])
    clear_notices(merge.application)
    outcomes, barrier = [], threading.Barrier(2)

    def confirm():
        try:
            barrier.wait()
            confirm_merge(Merge.objects.get(pk=merge.pk), acting_user=factories.user("operator"))
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert get_tenant("beta").status == "retired"
