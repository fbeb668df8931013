"""What a merge of sites means for pictures and attachments (``govplatform.lifecycle.merge``)."""

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from govplatform.lifecycle.merge.parts import Concern, Foreseen, Intended, MergePart
from govplatform.tenancy.models import Tenant


class FilesPart(MergePart):
    """All pictures and attachments of a site go with it, used or not: revisions refer to them."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return how many files are moved, and how many the destination has with the same bytes."""
        here, there = _hashes(intended.source), set(_hashes(intended.destination))
        same = sum(digest in there for digest in here if digest)
        outcome = _("并入站点已有字节相同的文件；两份都保留，各自的审查记录不变。")
        return Foreseen(counts={"files": len(here)}, concerns=[Concern(_("相同的文件"), same, outcome)])


def _hashes(tenant: Tenant) -> list[str]:
    with tenant_context(tenant):
        return [
            digest
            for model in (get_image_model(), get_document_model())
            for digest in model.objects.order_by("pk").values_list("file_hash", flat=True)
        ]
