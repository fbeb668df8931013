"""The archive of a site says the same whether it is made before its content went elsewhere or afterwards."""

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Resource
from govplatform.archive.actions import export_archive
from govplatform.archive.package.layout import ADDRESSES
from govplatform.archive.package.opening import json_lines
from govplatform.lifecycle.merge.carrying.running import carry
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from tests import factories
from tests.lifecycle.life import retiring
from tests.lifecycle.merge.test_chains_of_merges import portal
from tests.reposts.conftest import reposted_at
from tests.structured.samples import live as live_structured

pytestmark = pytest.mark.django_db


@pytest.fixture
def gamma(db):
    return portal()


def captured(folder):
    """Each address with its status and the digest of what was sent."""
    built = export_archive(get_tenant("beta"), folder)
    return {line["address"]: (line["status"], line["sha256"]) for line in json_lines(built.folder / ADDRESSES)}


def test_catalogue_policies_and_files_of_reposts_are_in_it(gamma, alpha, tmp_path, settings):
    from sites.offices.models import Leader

    settings.WHITENOISE_USE_FINDERS = True
    with tenant_context(alpha):
        paper = factories.document(uploader="alpha_editor")
        body = [{"type": "attachment", "value": {"document": paper.pk, "title": "附件"}}]
        policy = factories.publish(factories.draft_policy(title="防汛条例", slug="flood", body=body), "alpha")
    beta = get_tenant("beta")
    reposted_at("beta", Resource.objects.get(tenant=alpha, page_id=policy.pk), "mirror", column="policies")
    with tenant_context(beta):
        create_column("catalogue", title="信息公开目录", column_type="catalogue", acting_user=None)
        factories.live_article("beta", title="县里的", slug="county")
        live_structured(Leader, "beta", title="许松风", slug="head")
    retiring("beta", into="gamma")
    before = captured(tmp_path / "before")
    beta.refresh_from_db()
    carry(
        Merge.objects.create(source=beta, destination=gamma, application=retirement_of(beta)),
        progress=lambda *_: None,
    )
    after = captured(tmp_path / "after")
    assert any("/library/files/" in address for address in before)
    assert {
        address: (before[address], after.get(address)) for address in before if before[address] != after.get(address)
    } == {}
    assert set(after) == set(before)
