"""延期: who pushed gives a site a later day; late sites show whom to call."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content_library.distribution.models import PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.extending import extend_duties
from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .conftest import deliver_all


@pytest.fixture
def late(beta, live):
    """A push that beta is late with."""
    reviewer = User.objects.get(username="alpha_content")
    push = push_resource(live.resource("article"), selector="site=beta", acting_user=reviewer)
    deliver_all(push)
    PushTarget.objects.update(due_at=timezone.now() - timedelta(hours=1))
    return push


def test_a_late_site_can_be_called_and_gets_a_later_day(late, console):
    Tenant.objects.filter(code="beta").update(responsible_person="乙负责", contact="办公室 0816-1234567 转 8")
    client, target = console("alpha_content", "alpha"), late.targets.get()
    address = f"/admin/pushes/{late.pk}/"
    html = client.get(address).content.decode()
    assert 'href="tel:0816-1234567"' in html and "乙负责" in html and "已逾期" in html
    given = {"act": "extend", "target": target.pk, "note": "汛期停电。", "until": "2999-01-01"}
    refused = client.post(address, {**given, "note": " "}).content.decode()
    assert "请写明延期的理由" in refused and "2999-01-01" in refused
    assert "已为 1 个站点延期" in client.post(address, given, follow=True).content.decode()
    assert timezone.localtime(late.targets.get().due_at).date().isoformat() == "2999-01-01"
    assert "已逾期" not in client.get(address).content.decode()
    for who in ("beta_content", "beta_admin"):
        assert "期限延至 2999-01-01：汛期停电。" in console(who, "beta").get("/admin/").content.decode()
    assert Entry.objects.get(act="push.extend").detail["until"] == "2999-01-01"


def test_a_day_that_is_over_or_earlier_is_none(late):
    reviewer, ids = User.objects.get(username="alpha_content"), [late.targets.get().pk]
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused, match="已经过去"):
        extend_duties(late, ids, until=yesterday, reason="x", acting_user=reviewer)
    PushTarget.objects.update(due_at=timezone.now() + timedelta(days=30))
    with pytest.raises(Refused, match="本来就不早于"):
        extend_duties(late, ids, until=timezone.localdate(), reason="x", acting_user=reviewer)
