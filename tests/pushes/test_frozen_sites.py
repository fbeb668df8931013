"""A site whose content is on its way into another one: what it shows is gone at once, what it owes is not lost."""

from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.recalls.actions import recall_resource
from tests import factories
from tests.lifecycle.merge.frozen import WORDS, freeze, thaw
from tests.reposts.conftest import record_of

from .conftest import deliver_all, set_status, take_down_all, target_of


def test_a_push_waits_and_is_delivered_when_the_site_can_be_edited_again(beta, live):
    resource = live.resource("article")
    set_status("beta", "retiring")
    freeze()
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(push)
    assert (target_of(push).state, target_of(push).page_id) == ("postponed", None)
    thaw()
    set_status("beta", "live")
    deliver_all(push)
    assert target_of(push).state == "delivered"


def test_a_recall_is_in_force_at_once_and_its_receipt_says_why_it_waits(beta, live, citizen):
    resource, page = live.resource("mirror_source"), live("mirror", "beta")
    path = record_of(page).path
    freeze()
    recall = recall_resource(resource, acting_user=factories.user("alpha_content"), reason="数据有误。")
    assert citizen("beta").get(path).status_code == 410
    assert take_down_all(recall) == 1
    receipt = recall.receipts.get(tenant=beta)
    assert (receipt.state, receipt.problem) == ("failed", WORDS) and receipt.next_at is not None
    thaw()
    assert take_down_all(recall) == 1
    assert recall.receipts.get(tenant=beta).state == "confirmed"
