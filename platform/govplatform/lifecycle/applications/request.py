"""What is asked for: the facts of an application as a form or verb gives them."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import SiteApplication
from ..site_record import SITE_RECORD

#: Facts that an application may change: the site's record, its host for citizens, its columns (described in words).
DOMAIN, COLUMNS = "domain", "columns"
RECORD_FIELDS = SITE_RECORD.texts
CHANGEABLE = (*RECORD_FIELDS, DOMAIN, COLUMNS)
EXTRA_LABELS = {DOMAIN: _l("公众访问域名"), COLUMNS: _l("栏目结构的调整")}
#: Characters of what people write, on screens and in the shell alike. The product's own numbers.
LONGEST_REASON = LONGEST_OPINION = 2000
LONGEST_COLUMNS, LONGEST_WITHDRAWAL = 1000, 500


@dataclass(frozen=True)
class Asked:
    """``kind``: of ``SiteApplication.Kind``; ``wanted``: new facts by field; the rest as in ``SiteApplication``."""

    kind: str
    reason: str
    ground: str = ""
    into: str = ""
    until: date | None = None
    wanted: dict[str, str] = field(default_factory=dict)


def fact_labels() -> dict[str, str]:
    """``{field: its name for people}`` of everything in ``CHANGEABLE``."""
    return {**SITE_RECORD.labels(), **{name: str(label) for name, label in EXTRA_LABELS.items()}}


def kind_label(kind: str, status: str = "") -> str:
    """What is applied for, in words, by a site in this state; '' where none is chosen yet.

    A site that is offline is opened by the same application, and what it asks for is to come back.
    """
    if kind != SiteApplication.Kind.OPEN or status in ("", Tenant.Status.PREPARING):
        return str(SiteApplication.Kind(kind).label)
    return _("恢复上线")


def too_long(words: str, most: int, what: str) -> list[str]:
    """A sentence when ``words``, called ``what``, are longer than ``most`` characters."""
    if len(words) <= most:
        return []
    told = _("“%(what)s”最多 %(most)d 个字，现为 %(length)d 个，请精简，详细内容另附材料。")
    return [told % {"what": what, "most": most, "length": len(words)}]


def parse_facts(given: list[str]) -> dict[str, str]:
    """``["organiser=…"]`` as ``{"organiser": "…"}``. Raises Refused for what is not of that form."""
    return {name.replace("-", "_"): value for name, value in named_values(given).items()}


def named_values(given: list[str]) -> dict[str, str]:
    """The same with names as they were given. Raises Refused."""
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise Refused(_("“%(given)s”应当写作 项目=内容。") % {"given": one})
        found[name.strip()] = value.strip()
    return found
