"""A file that two sites showed in their reposts has one address: when one goes into the other it is still there."""

import pytest

from govplatform.addresses.entering import enter_public
from govplatform.addresses.known import Kind, KnownAddress
from govplatform.addresses.leading import lead_objects
from govplatform.addresses.models import Address
from govplatform.addresses.nginx import export_map
from govplatform.addresses.resolving import resolve_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

pytestmark = pytest.mark.django_db
SM3 = "9" * 64


def test_it_is_answered_though_the_other_site_knows_it_by_another_repost(tmp_path):
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    for tenant, number in ((beta, 41), (alpha, 42)):
        enter_public(tenant, [KnownAddress(f"/library/files/{SM3}/a.pdf", Kind.LIBRARY, "附件", number, SM3)])
    lead_objects(beta, alpha, [(str(Kind.LIBRARY), 41, 1041)])
    Tenant.objects.filter(pk=beta.pk).update(moved_into=alpha, frozen=True)
    answer = resolve_url(f"http://beta.localhost/library/files/{SM3}/a.pdf")
    assert (answer.status, answer.location) == (301, f"http://alpha.localhost:8000/library/files/{SM3}/a.pdf")
    export_map(tmp_path / "ledger.conf")
    assert answer.location in (tmp_path / "ledger.conf").read_text()
    # Gone there too, it is gone.
    Address.objects.filter(tenant=alpha).update(state=Address.State.PAST, ending="withdrawn")
    assert resolve_url(f"http://beta.localhost/library/files/{SM3}/a.pdf").status == 410
