"""常用答复 of a site, kept by its editors."""

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import EDITOR
from govplatform.audit.actions import record_act
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant

from .letters import plain_text
from .models import SavedReply

#: Characters; how many a site keeps.
TITLE, TEXT, MOST = 60, 5000, 100


def save_reply(site: Tenant, title: str, text: str, *, acting_user: User) -> SavedReply:
    """Keep a text under a title; one of the same title is replaced. Raises Refused."""
    title, text = " ".join(plain_text(title).split()), plain_text(text).strip()
    reasons = [
        PlacedReason(_("%(label)s：请填写，最多 %(most)d 个字。") % {"label": label, "most": most}, at)
        for at, label, value, most in (("title", _("名称"), title, TITLE), ("text", _("内容"), text, TEXT))
        if not value or len(value) > most
    ]
    if reasons:
        raise Refused(reasons)
    with tenant_context(site), acting(acting_user, on=site):
        _require_editor(site, acting_user)
        is_new = not SavedReply.objects.filter(site=site, title=title).exists()
        if is_new and SavedReply.objects.filter(site=site).count() >= MOST:
            raise Refused(_("常用答复最多保存 %(most)d 条，请先删去不用的。") % {"most": MOST})
        saved, _new = SavedReply.objects.update_or_create(site=site, title=title, defaults={"text": text})
        record_act("saved_reply.saved", acting_user=acting_user, obj=saved, detail={"title": title})
    return saved


def delete_reply(saved: SavedReply, *, acting_user: User) -> None:
    """Keep it no longer. Raises Refused."""
    with tenant_context(saved.site), acting(acting_user, on=saved.site):
        _require_editor(saved.site, acting_user)
        record_act("saved_reply.deleted", acting_user=acting_user, obj=saved, detail={"title": saved.title})
        saved.delete()


def _require_editor(site: Tenant, user: User) -> None:
    if not has_role(user, EDITOR.code, site):
        told = {"user": user, "site": site.full_name}
        raise Refused(_("%(user)s 不是“%(site)s”的编辑，不能维护常用答复。") % told)
