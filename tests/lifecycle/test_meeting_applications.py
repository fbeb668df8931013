"""Applications that meet one another, and notices that are withdrawn while something waits for them."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.models import SiteNotice
from govplatform.lifecycle.states.actions import announce_completion, retire_site, retirement_of
from govplatform.refusals import Refused
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .life import approve_to_the_end, clear_notices, file, paper, retiring
from .test_offline import in_days, tick

pytestmark = pytest.mark.django_db


def retirement(site="beta"):
    return file("retire", site, ground="division-change", papers=[paper("approval"), paper("division-change")])


def test_an_offline_that_waited_does_not_undo_a_retirement():
    offline = approve_to_the_end(file("offline", "beta", until=in_days(10)))
    retire = approve_to_the_end(retirement())
    clear_notices(retire)
    assert get_tenant("beta").status == "retiring"
    clear_notices(offline)
    assert get_tenant("beta").status == "retiring"
    Tenant.objects.filter(code="beta").update(offline_until=timezone.now())
    tick()
    assert get_tenant("beta").status == "retiring" and retirement_of(get_tenant("beta")) == retire
    offline.refresh_from_db()
    assert offline.ended_at is not None and not offline.counted


def test_a_completion_notice_that_was_withdrawn_is_not_up():
    application = retiring()
    notice = announce_completion(application)
    clear_notices(application)
    with tenant_context(notice.site):
        page = Page.objects.get(pk=notice.page_id).specific
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="去向有误")
    with pytest.raises(Refused, match="关停完成公告期满前已被撤下"):
        retire_site(get_tenant("beta"), acting_user=factories.user("operator"))


def test_a_notice_whose_term_is_over_has_been_up():
    application = retiring()
    announce_completion(application)
    clear_notices(application)
    SiteNotice.objects.filter(application=application).update(until=timezone.now(), live_at="2026-01-01T00:00Z")
    tick()
    assert SiteNotice.objects.get(application=application, kind="completion").down_at is not None
    retire_site(get_tenant("beta"), acting_user=factories.user("operator"))
    assert get_tenant("beta").status == "retired"


def test_the_notice_of_a_site_that_was_dropped_comes_down_where_it_stands():
    """A site may be dropped when its migration notice was up for its term; that of the parent may go on longer."""
    application = retiring()
    announce_completion(application)
    clear_notices(application)
    Tenant.objects.filter(code="beta").update(status="retired", dropped_at=timezone.now())
    SiteNotice.objects.filter(application=application, kind="completion").update(until=timezone.now())
    tick()
    assert SiteNotice.objects.get(application=application, kind="completion").down_at is not None
