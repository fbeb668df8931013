"""Which entries of the record somebody asks for, and the files that they are given: a table, or a signed file.

A table is for reading. The signed file (``audit/export_file.py``) is evidence: it can be checked on any machine. That
something was exported, by whom and with which filters is an entry of the same chain.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import AUDITOR
from govplatform.archive.keys import signing_key
from govplatform.archive.package.certificate import public_hex
from govplatform.audit.actions import record_act
from govplatform.audit.export_file import export_lines
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.models import Tenant
from govplatform.ways_of_writing import named_in

from .audit_sentences import names_in, say
from .audit_words import ACTS, act_label

FORMATS = ("csv", "xlsx", "jsonl")
#: A spreadsheet has no more rows than these, its headings among them.
ROWS_OF_A_SHEET = 1_048_576
#: So many are handed out in one answer of the console; whoever needs more takes the verb.
MOST_IN_BROWSER = 50_000
_AT_ONCE = 500
_WIDTHS = (8, 20, 24, 24, 18, 40, 60, 40, 66)


@dataclass(frozen=True)
class Asked:
    """What entries are asked for. ``chain``: schema of the site or PLATFORM_CHAIN; all else '' or None: not asked.

    ``person``, ``title``: a part of the name of who acted, of what it was done to. ``kind``: label of the object's
    model. ``since``, ``until``: days, both included.
    """

    chain: str
    act: str = ""
    person: str = ""
    title: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left out between the first and the last entry."""
        return not (self.act or self.person or self.title or self.kind)

    def in_words(self) -> dict[str, str]:
        """The filters that were set, for the record and the first line of a file."""
        return {name: str(value) for name, value in asdict(self).items() if value and name != "chain"}


def entries_asked(asked: Asked) -> QuerySet[Entry]:
    """Return the entries, newest first."""
    entries = Entry.objects.filter(chain=asked.chain).order_by("-number")
    if asked.act:
        entries = entries.filter(act=asked.act)
    if asked.kind:
        entries = entries.filter(object_type=asked.kind)
    if asked.person:
        entries = entries.filter(named_in(asked.person, "actor_name"))
    if asked.title:
        entries = entries.filter(named_in(asked.title, "object_title"))
    if asked.since:
        entries = entries.filter(at__gte=_midnight(asked.since))
    if asked.until:
        entries = entries.filter(at__lt=_midnight(asked.until) + timedelta(days=1))
    return entries


def export_entries(
    asked: Asked, kind: str, *, acting_user: User | None, most: int | None = None
) -> tuple[Iterable[bytes], int]:
    """Record the export and return the pieces of its file, and how many entries it has.

    ``kind``: one of FORMATS. ``most``: refuse more entries than these. Raises Refused, naming the way out. The pieces
    are read from the database as they are taken.
    """
    _check(asked, kind)
    with acting(acting_user, asked.chain):
        if acting_user is not None and not may_read(acting_user, asked.chain):
            raise Refused(_("%(person)s不是这条链的审计员，不能导出。") % {"person": acting_user})
        found = entries_asked(asked)
        number = found.count()
        limit = min(most or number, ROWS_OF_A_SHEET - 1) if kind == "xlsx" else (most or number)
        if number > limit:
            raise Refused(
                _("符合条件的记录有 %(number)s 条，一次最多导出 %(most)s 条。请缩短时间段，或执行 export_audit。")
                % {"number": number, "most": limit}
            )
        detail = {"format": kind, "entries": number, "filters": asked.in_words()}
        own = record_act("audit.export", acting_user=acting_user, detail=detail, chain=asked.chain)
    entries = found.filter(number__lt=own.number).order_by("number")
    if asked.is_complete and (asked.since or asked.until):
        # By number, not by time: a clock that was set back must not look like an entry that was taken out.
        ends = entries.order_by().aggregate(first=Min("number"), last=Max("number"))
        within = (ends["first"] or 0, ends["last"] or 0)
        entries = Entry.objects.filter(chain=asked.chain, number__range=within).order_by("number")
    if kind == "jsonl":
        return _signed(entries, asked, acting_user), number
    return [write_table(_rows(entries), kind, sheet=_("审计记录"), widths=_WIDTHS)], number


def _check(asked: Asked, kind: str) -> None:
    if kind not in FORMATS:
        raise Refused(_("没有 %(kind)s 这种格式，可用：%(known)s。") % {"kind": kind, "known": "、".join(FORMATS)})
    if asked.act and asked.act not in ACTS:
        raise Refused(_("没有名为 %(act)s 的行为。") % {"act": asked.act})


def may_read(user: User, chain: str) -> bool:
    """Tell whether somebody audits a chain: the site's own auditor, or the platform's."""
    sites = Tenant.objects.filter(schema_name=chain) | Tenant.objects.filter(kind=Tenant.Kind.CONSOLE)
    return any(has_role(user, AUDITOR.code, site) for site in sites)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _signed(entries: QuerySet[Entry], asked: Asked, acting_user: User | None) -> Iterator[bytes]:
    key = signing_key()
    header = {
        "chains": [asked.chain],
        "complete": asked.is_complete,
        "filters": asked.in_words(),
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "exported_by": acting_user.signed_name if acting_user else "",
    }
    return export_lines(entries.iterator(_AT_ONCE), header, public_key=public_hex(key), sign=key.sign)


def _rows(entries: QuerySet[Entry]) -> Iterator[list[str]]:
    yield [
        _("序号"), _("时间"), _("站点"), _("行为人"), _("行为"), _("对象"), _("经过"), _("说明"), _("哈希"),
    ]  # fmt: skip
    sites = {PLATFORM_CHAIN: _("平台"), **dict(Tenant.objects.values_list("schema_name", "full_name"))}
    for some in _in_parts(entries):
        names = names_in(some)
        for entry in some:
            said = say(entry, names)
            more = [f"{name}：{value}" for name, value in said.details]
            more += [_("{name}由“{before}”改为“{after}”").format(name=n, before=b, after=a) for n, b, a in said.changes]
            at = timezone.localtime(entry.at)
            yield [
                str(entry.number), f"{at:%Y-%m-%d %H:%M:%S}", sites.get(entry.chain, entry.chain), entry.actor_name,
                act_label(entry.act), entry.object_title, said.sentence, "；".join(more), entry.hash,
            ]  # fmt: skip


def _in_parts(entries: QuerySet[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for entry in entries.iterator(_AT_ONCE):
        part.append(entry)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
