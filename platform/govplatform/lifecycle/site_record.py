"""A site's own record: names, organiser, contact and numbers that stand in header and footer of all its pages."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role, holds_in_console
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN
from govplatform.events.sheet import follow
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words
from govplatform.review.frame.kinds import FrameKind, Texts
from govplatform.review.frame.places import chains_of, records_of
from govplatform.review.frame.texts import differing, last_clearance
from govplatform.review.models import FrameProposal
from govplatform.tenancy.events import SiteRenamed
from govplatform.tenancy.identity_codes import validate_identity_code
from govplatform.tenancy.models import Tenant

from .applications.awaited import reasons_against_awaited_code

#: Basic facts of a site: their change is reported to the superior office and filed as an application
#: (《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（一）项).
FILED = ("full_name", "identity_code", "organiser", "responsible_person", "contact")


class SiteRecordKind(FrameKind):
    model = "tenancy.Tenant"
    texts = (
        "full_name",
        "short_name",
        "identity_code",
        "organiser",
        "undertaker",
        "responsible_person",
        "contact",
        "icp_number",
        "police_record_number",
    )
    unseen: ClassVar = MappingProxyType(
        {
            "code": "small letters, digits and hyphens alone, never changed",
            "schema_name": "made of the code",
            "theme": "one of the looks in the settings",
            "colours": "one of the sets of colours in the settings",
            "traditional_words": "how words that were cleared are written in other characters",
            "masthead": "pictures of the home page, cleared there",
            "rule_pack": "one of the packs in the code",
            "frozen_into": "the name of another site, as its own record has it",
        }
    )
    shared = True
    per_site = True

    @property
    def name(self) -> str:
        return _("网站登记信息")

    def of_site(self, tenant: Tenant) -> Iterable[Tenant]:
        # As it is stored now: the one at hand may have been read before.
        return Tenant.objects.filter(pk=tenant.pk)

    def scanned_for(self, obj: Any) -> Tenant:
        return Tenant.objects.get(pk=obj.pk)

    def address(self, obj: Any) -> str:
        return reverse("lifecycle_site_record", args=[obj.code])

    def reasons_against(self, obj: Any, texts: Texts) -> list[str]:
        reasons = [] if texts["full_name"].strip() else [_("网站全称不能为空。")]
        code = texts["identity_code"]
        if code:
            try:
                validate_identity_code(code)
            except ValidationError as error:
                reasons += error.messages
            if other := Tenant.objects.filter(identity_code=code).exclude(pk=obj.pk).first():
                named = {"code": code, "site": other.full_name}
                reasons.append(_("网站标识码“%(code)s”已经由“%(site)s”使用。") % named)
        labels = self.labels()
        for name, words in texts.items():
            most = Tenant._meta.get_field(name).max_length
            if len(words) > most:
                reasons.append(_("“%(field)s”最长 %(most)d 个字。") % {"field": labels[name], "most": most})
        return reasons

    def chains(self, obj: Any) -> tuple[str, ...]:
        # The home page is called like its site.
        return () if obj.is_console else (obj.schema_name,)

    def apply(self, obj: Any, texts: Texts, *, acting_user: Any, is_new: bool = False) -> None:
        # Not the tenant at hand, which others may hold as the current site: the row.
        row = Tenant.objects.get(pk=obj.pk)
        # A site that goes by the steps of the rules waits for its approved application.
        opens = is_new and row.status == Tenant.Status.PREPARING and not row.by_application
        before = row.full_name
        if not opens and not differing(self, self.texts_of(row), {**self.texts_of(row), **texts}):
            return
        for name, words in texts.items():
            setattr(row, name, (words or None) if name == "identity_code" else words)
        if opens:
            row.status, row.status_since = Tenant.Status.LIVE, timezone.now()
        # A site's row is changed in its own schema or in ``public``.
        with tenant_context(row):
            row.save()
            if row.full_name != before:
                follow(SiteRenamed(tenant=row, before=before))


SITE_RECORD = SiteRecordKind()


def reasons_against_changing_record(tenant: Tenant, acting_user: User | None, changed: Iterable[str]) -> list[str]:
    """Why ``acting_user`` may not propose these fields of the record: an operator may, a site's administrator what
    is not filed.
    """
    if acting_user is None or holds_in_console(acting_user, {OPERATOR.code}):
        return []
    if not has_role(acting_user, SITE_ADMIN.code, tenant):
        return [_("只有本站的站点管理员或平台运维人员可以修改网站的登记信息。")]
    labels = SITE_RECORD.labels()
    return [
        _("“%(field)s”属于网站基本信息，变更须报主管单位备案：请在“网站事项”中提出变更申请。") % {"field": labels[name]}
        for name in changed
        if name in FILED
    ]


def change_site_record(
    tenant: Tenant, *, acting_user: User | None, reason: str = "", verb: str = "", **words: str
) -> FrameProposal | None:
    """Change names, organiser, contact or numbers of ``tenant``. Returns what waits now; None when nothing does.

    ``words``: fields of ``SITE_RECORD.texts``; TypeError for any other. An operator's words wait until a second
    operator or a supervisor has confirmed them, and so do those of the site's administrator, who proposes what is not
    ``FILED``; the shell's (``verb``, or no ``acting_user``) take effect at once. Raises Refused when the person may
    not, and for words that may not stand.
    """
    if unknown := set(words) - set(SITE_RECORD.texts):
        raise TypeError(f"a site's {', '.join(sorted(unknown))} cannot be changed here")
    with records_of(SITE_RECORD), acting(acting_user, *chains_of(SITE_RECORD, tenant), on=tenant):
        stored = Tenant.objects.get(pk=tenant.pk)
        present = SITE_RECORD.texts_of(stored)
        changed = [name for name, value in words.items() if value.strip() != present[name]]
        if reasons := reasons_against_changing_record(stored, acting_user, changed):
            raise Refused(reasons)
        if stored.dropped_at is not None:
            # Its names stand on pages that are not here.
            raise Refused(_("“%(site)s”的内容已经移除，登记信息不能再改。") % {"site": stored.full_name})
        given = {name: value.strip() for name, value in words.items()}
        # What was granted comes here without a person, when its own application waits no longer.
        wanted = given["identity_code"] if acting_user is not None and "identity_code" in changed else ""
        if reasons := reasons_against_awaited_code(wanted, stored):
            raise Refused(reasons)
        # A site whose first record was not confirmed opens with the one that is.
        is_new = stored.status == Tenant.Status.PREPARING and last_clearance(SITE_RECORD, stored.pk) is None
        return change_words(stored, given, acting_user=acting_user, reason=reason, verb=verb, is_new=is_new)
