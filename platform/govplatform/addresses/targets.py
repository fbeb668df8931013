"""Where people may have an address lead: read from what they wrote, checked before anything is stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .canonical import forms_of_path, location_of, split_url
from .models import Address
from .resolving import may_lead_to, public_place_of, site_of_host

LONGEST_URL = 2_000


@dataclass(frozen=True)
class Target:
    """``tenant`` and ``path``: a public address of the platform; ``url``: one outside of it; all empty: nowhere."""

    tenant: Tenant | None = None
    path: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """The whole address; '' for nowhere."""
        return self.url or (public_url(self.tenant, location_of(self.path)) if self.tenant is not None else "")


def read_target(tenant: Tenant, text: str) -> Target:
    """Read ``text``: a path of ``tenant``, a whole address, or '' for nowhere (410).

    What was moved already is replaced by where it is now, so that nothing that is stored leads to a redirect. Raises
    Refused for what is no public address of the platform and on no host that an operator listed.
    """
    text = text.strip()
    if not text:
        return Target()
    if text.startswith("/") and not text.startswith(("//", "/\\")):
        return _on_site(tenant, text, text)
    parts = split_url(text) if len(text) <= LONGEST_URL else None
    if parts is None:
        raise Refused(
            _("目标“%(target)s”不是网址：请写以一个“/”开头的路径，或者 http(s):// 开头的完整网址。")
            % {"target": text[:200]}
        )
    holder = site_of_host(parts[0])
    if holder is not None:
        return _on_site(holder, parts[1], text)
    if not may_lead_to(parts[0]):
        raise Refused(
            _("目标域名“%(host)s”不在本平台登记，也不在可跳转的站外域名之列；如确需跳转，请平台运维人员先添加。")
            % {"host": parts[0]}
        )
    name, _mark, query = parts[1].partition("?")
    # Rebuilt of its parts: nothing of what was written reaches a header as it was.
    scheme = text.partition(":")[0].lower()
    port = text[len(scheme) + 3 + len(parts[0]) :].partition("/")[0].partition("?")[0]
    try:
        place = location_of(name + (f"?{query}" if query else ""))
    except ValueError as error:
        raise Refused(_("目标“%(target)s”不是网址。") % {"target": text[:200]}) from error
    return Target(url=f"{scheme}://{parts[0]}{port if port.startswith(':') else ''}{place}")


def read_targets(tenant: Tenant, texts: Iterable[str]) -> dict[str, Target | Refused]:
    """``read_target`` of many, each once: what was written -> the target, or why it is none."""
    read: dict[str, Target | Refused] = {}
    for text in dict.fromkeys(texts):
        try:
            read[text] = read_target(tenant, text)
        except Refused as refusal:
            read[text] = refusal
    return read


def _on_site(tenant: Tenant, path: str, written: str) -> Target:
    for form in forms_of_path(path):
        found: Address | None = public_place_of(tenant, form)
        if found is not None:
            return Target(tenant=found.tenant, path=found.path)
    raise Refused(
        _("目标“%(target)s”不是“%(site)s”现在公开的网址。") % {"target": written[:200], "site": tenant.full_name}
    )
