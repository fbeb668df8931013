"""An archive that is made and verified after the end of a site answers for it from then on, not from its removal on."""

import pytest
from django_tenants.utils import tenant_context

from govplatform.addresses.resolving import resolve_url
from govplatform.archive.actions import export_archive, verify_kept
from govplatform.archive.models import Archive
from govplatform.lifecycle.tasks import look_after_sites
from govplatform.tenancy.hosts import archive_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "answered"), [("retired", 301), ("live", 200)])
def test_verified_after_the_end_it_is_led_to_by_the_clock(status, answered, tmp_path, settings):
    settings.WHITENOISE_USE_FINDERS = True
    beta = get_tenant("beta")
    with tenant_context(beta):
        factories.live_article("beta", slug="left-behind")
    Tenant.objects.filter(pk=beta.pk).update(status=status)
    export_archive(get_tenant("beta"), tmp_path / "archive")
    archive = Archive.objects.get()
    asked = "http://beta.localhost/news/left-behind/"
    assert verify_kept(archive, acting_user=None).ok
    look_after_sites.func(0)
    found = resolve_url(asked)
    assert found.status == answered
    if status == "retired":
        assert found.location == archive_url(f"/{archive.pk}/at/news/left-behind/")
