"""Rules over the facts of a page besides its text: origin, times, interpretation, maps, links."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from govplatform.rule_packs.severity import Severity
from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.links import is_below, plain_host, read_link, shown_host

from ..articles import ADVERTISING, INTERPRETATION, MAP_NUMBER
from ..settings import ScanSettings


class Flaw(NamedTuple):
    """Something wrong with the facts of a page. ``where``, ``message``, ``suggestion``: as in Finding.

    ``value``: what an allow-list may name, and what the finding's key is made of; ``shown``: the excerpt.
    """

    where: str
    value: str
    message: str
    shown: str = ""
    severity: Severity | None = None
    suggestion: str = ""


class FactRule(ABC):
    """A rule over the facts of a page. ``source``: the regulation it comes from."""

    id: ClassVar[str]
    severity: ClassVar[Severity] = "warn"
    source: ClassVar[str]

    @abstractmethod
    def flaws(self, facts: dict[str, Any], settings: ScanSettings) -> Iterator[Flaw]:
        """Find every flaw in ``facts``, whose keys are those of ``engine.scan_facts``."""


class Metadata(FactRule):
    """No origin, a publish time before the approval or the date of issue, a policy document without interpretation."""

    id = "metadata"
    source = INTERPRETATION

    def flaws(self, facts: dict[str, Any], settings: ScanSettings) -> Iterator[Flaw]:
        if "source" in facts and not str(facts["source"] or "").strip():
            yield Flaw("source", "no source", gettext_noop("没有填写来源。请在“来源”中写明信息的出处。"))
        published, cleared = _moment(facts.get("published_at")), _moment(facts.get("cleared_at"))
        issued = _moment(facts.get("issued_on"))
        if published and cleared and _before(published, cleared):
            yield Flaw(
                "published_at", "published before cleared",
                gettext_noop("发布时间早于审核通过的时间，属于伪造发布日期（一票否决）。请改为实际发布时间。"),
                str(published)[:16],
            )  # fmt: skip
        if published and issued and published.date() < issued.date():
            yield Flaw(
                "published_at", "published before issued",
                gettext_noop("发布日期早于成文日期。请核对“成文日期”和发布时间。"),
                f"{published:%Y-%m-%d} < {issued:%Y-%m-%d}",
            )  # fmt: skip
        if facts.get("kind") == "policy" and "interpretations" in facts and not facts["interpretations"]:
            yield Flaw(
                "interpretations", "no interpretation",
                gettext_noop("政策文件没有关联解读材料。解读应与文件同步发布并互相链接；确实不需要解读的请说明理由。"),
            )  # fmt: skip


_MAP = re.compile(
    r"地图|区位图|位置图|行政区划图|政区图|示意图(?=.{0,6}(?:区域|区划|边界))|(?:区域|边界|线路|分布|交通|规划范围)示意图|分布图|交通图|卫星图|影像图|地形图|版图|水系图|(?i:\bmap\b)"
)
_NOT_MAP = re.compile(r"(?:网站|站点|栏目)地图|地图册|流程图|路线图计划")
_APPROVAL = re.compile(
    r"审\s?图\s?号|[一-龥]{1,3}[S]\s?[(（〔\[]?(?:19|20)[0-9]{2}[)）〕\]]?\s?[0-9]{1,6}\s?号|[GSgs]{2}\s?[(（〔\[]?(?:19|20)[0-9]{2}[)）〕\]]?\s?[0-9]{1,6}\s?号"
)


class MapNumber(FactRule):
    """A picture of a map without its approval number (审图号)."""

    id = "map-number"
    source = MAP_NUMBER

    def flaws(self, facts: dict[str, Any], settings: ScanSettings) -> Iterator[Flaw]:
        body_says = _APPROVAL.search(str(facts.get("text") or "")) is not None
        for picture in facts.get("pictures") or ():
            words = " ".join(str(picture.get(name) or "") for name in ("title", "description"))
            is_map = picture.get("is_map") or _MAP.search(_NOT_MAP.sub("", words))
            if is_map and not body_says and not picture.get("map_number") and not _APPROVAL.search(words):
                title = str(picture.get("title") or "")
                message = gettext_noop("图片是地图，但没有审图号。请填写审图号，或换用自然资源主管部门公布的标准地图。")
                yield Flaw(str(picture.get("where") or "body"), title or "map", message, title)


_ADVERTISING = re.compile(
    r"(?:^|[./_-])(?:ads?|advert(?:s|ising|isement)?|adclick|doubleclick|adservice|promo(?:tion)?|affiliate|union-click|cpro|pos\.baidu)(?:[./_-]|$)"
    r"|[?&](?:utm_(?:source|medium|campaign)|gclid|aff_?id|ad_?id|adgroup|spm_promo|tbk_?id)=",
    re.I,
)
_ADVERTISING_WORDS = re.compile(r"广告|推广|优惠券|领红包|特价|折扣|博彩|彩票投注|贷款申请|点击购买|立即下单|代开发票")
#: Schemes that lead nowhere on the net.
_HARMLESS = frozenset(("mailto", "tel", "sms", "geo"))


class ExternalLink(FactRule):
    """A link that leaves government sites, or one to advertising, which is forbidden."""

    id = "external-link"
    source = ADVERTISING

    def flaws(self, facts: dict[str, Any], settings: ScanSettings) -> Iterator[Flaw]:
        own = {plain_host(str(host)) for host in facts.get("own_hosts") or ()}
        seen: set[tuple[str, str]] = set()
        for link in facts.get("links") or ():
            url, where = str(link.get("url") or "").strip(), str(link.get("where") or "body")
            flaw = self._flaw(url, str(link.get("text") or ""), where, own, settings)
            if flaw is not None and (flaw.value, where) not in seen:
                seen.add((flaw.value, where))
                yield flaw

    def _flaw(self, url: str, text: str, where: str, own: set[str], settings: ScanSettings) -> Flaw | None:
        link = read_link(url)
        if link.kind == "here" or link.scheme in _HARMLESS:
            return None
        if link.kind == "invalid":
            return Flaw(where, url[:200], gettext_noop("链接地址无法识别，请核对。"), url[:80])
        if link.kind == "other":
            return Flaw(where, url[:200], gettext_noop("链接不是网页地址，不得发布。"), url[:80], "block")
        host = link.host
        if host in own or host in settings.allowed or shown_host(host) in settings.allowed:
            return None
        if _is_below_any(host, settings.advertising_hosts) or (
            not _is_below_any(host, settings.government_hosts)
            and (_ADVERTISING.search(f"{host}{link.path}{link.query}") or _ADVERTISING_WORDS.search(text))
        ):
            return Flaw(
                where,
                url[:200],
                gettext_noop("链接指向广告页面，政府网站不得发布广告。请删除链接。"),
                shown_host(host),
                "block",
            )
        if _is_below_any(host, settings.government_hosts):
            return None
        return Flaw(where, host, gettext_noop("链接指向非政府网站。请确认确有必要，并核对其内容。"), shown_host(host))


def _is_below_any(host: str, domains: tuple[str, ...]) -> bool:
    return any(is_below(host, domain) for domain in domains)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - only its day is compared
    if isinstance(value, str) and value.strip():
        try:
            return datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


def _before(one: datetime, other: datetime) -> bool:
    """Whether ``one`` is earlier; without a time zone on one side only the days are compared."""
    if (one.tzinfo is None) != (other.tzinfo is None):
        return one.date() < other.date()
    return one < other
