"""A site has a name in a domain; what an old site was reached by is another matter."""

import pytest
from django.core.exceptions import ValidationError
from django_tenants.utils import tenant_context

from govplatform.lifecycle.applications.checking import reasons_against_host
from govplatform.lifecycle.forms import NewSiteForm
from govplatform.tenancy.models.domain import validate_site_host
from govplatform.tenancy.queries import get_tenant
from sites.arrivals.actions import _checked_host

NONE = ["10.0.0.1", "portal", "2130706433", "a.0x7f000001", "www.example.1"]


@pytest.mark.parametrize("host", NONE)
def test_an_ip_address_or_a_bare_word_is_no_host_of_a_site(host):
    with pytest.raises(ValidationError) as refusal:
        validate_site_host(host)
    assert host in refusal.value.messages[0] and "例如 www." in refusal.value.messages[0]


@pytest.mark.parametrize("host", ["www.lanhe.gov.cn", "xn--fiq228c.xn--55qw42g", "a1.localhost", "163.com"])
def test_a_name_in_a_domain_is_one(host):
    validate_site_host(host)


@pytest.mark.django_db
@pytest.mark.parametrize("host", NONE[:2])
def test_every_door_says_so(host):
    alpha = get_tenant("alpha")
    assert any(host in reason for reason in reasons_against_host(alpha, host))
    form = NewSiteForm({"host": host, "console_host": host})
    assert not form.is_valid()
    assert all(host in form.errors[name][0] for name in ("host", "console_host"))


@pytest.mark.django_db
def test_an_old_site_may_have_been_reached_so():
    with tenant_context(get_tenant("alpha")):
        assert _checked_host("10.0.0.1") == "10.0.0.1"
