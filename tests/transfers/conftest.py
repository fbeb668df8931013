"""A county that retires into its city, with pages of every kind; and what its merge brought."""

from typing import Any

from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered
from tests.lifecycle import life
from tests.public import contents

from .carrying import Carrying, begin


def publish_on_beta() -> Any:
    """Live pages on beta that name each other, pictures and files; its retirement into alpha is under way."""
    with tenant_context(get_tenant("beta")):
        rich = contents.rich_article("beta")
        policy = contents.live_policy("beta")
        contents.live_interpretation(policy, "beta")
        paper = factories.document(b"in the text", "表.txt", uploader="beta_editor")
        other = factories.document(b"by its address", "other.txt", uploader="beta_editor")
        factories.live_article(
            "beta",
            title="有链接的信息",
            slug="links",
            body=[
                {
                    "type": "rich_text",
                    "value": f'<p>见<a linktype="page" id="{rich.pk}">会议</a>和'
                    f'<a linktype="document" id="{paper.pk}">附表</a>、<a href="https://www.gov.cn/">国务院</a>、'
                    f'<a href="https://old.example/documents/{other.pk}/other.txt">另一附件</a>。</p>',
                }
            ],
        )
    return life.retiring("beta").pk


@layered
def retiring() -> Any:
    """The number of the application."""
    return publish_on_beta()


@layered
def carried() -> Any:
    """Everything of beta in alpha; the merge is still moving. (number of the merge, numbers of the trails' pages)"""
    from govplatform.lifecycle.models import SiteApplication

    carrying = Carrying(begin(SiteApplication.objects.get(pk=publish_on_beta())))
    carrying.everything()
    return carrying.merge.pk
