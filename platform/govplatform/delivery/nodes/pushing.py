"""Bringing one host of a node up to what lies at the centre: files first, the signed release after them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words

from ..keys import publishers_key
from ..models import DeliveredFile, FrontNode, NodeRelease
from ..release.layout import is_host
from ..release.signed import Release, read_signed
from ..release.store import STORE
from ..release.trees import Site
from ..releasing import root
from . import transport
from .accepting import GONE
from .configured import FrontServer
from .queries import HostBehind

#: The node asks once for parts, once for what stands in them; more often where releases go on coming.
_ROUNDS = 12


def push(server: FrontServer, row: FrontNode, behind: HostBehind) -> bool:
    """Have the node accept the newest release of that host; False where there is none. Raises Unreachable, Refused.

    May be killed and called again: what has arrived is not sent again.
    """
    site, key = Site(root(), behind.host), publishers_key().public_key()
    envelope, sent = site.envelope(), set[str]()
    if not envelope:
        return False
    release = read_signed(envelope, key)
    transport.send(server, root() / STORE, _likely(behind, release))
    for _round in range(_ROUNDS):
        answer = transport.ask(server, "urgent" if behind.urgent else "offer", envelope)
        if "accepted" in answer:
            _note(row, release)
            return True
        if lacks := _digests(answer.get("lacks")):
            if sent.issuperset(lacks):
                told = {"host": behind.host}
                raise Refused(_("%(host)s 的文件在本地文件库里缺失或已损坏，请重新生成该站全部页面。") % told)
            transport.send(server, root() / STORE, lacks)
            sent.update(lacks)
        elif site.envelope() != envelope:
            # another lane has pushed a newer one meanwhile; a release that is on its way is not exchanged for it
            envelope = site.envelope()
            release = read_signed(envelope, key)
        else:
            raise Refused(_described(answer, release))
    raise Refused(_("%(host)s 的静态版本一直在更新，节点还没有收全。") % {"host": behind.host})


def compare(server: FrontServer, row: FrontNode) -> None:
    """Have the rows say what the node says that it has: it may have been set up anew. Raises Unreachable."""
    hosts = transport.ask(server, "state").get("hosts", {})
    try:
        there = {str(host): (int(sequence), int(files)) for host, (sequence, files) in hosts.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise transport.Unreachable(_("节点答非所问：%(said)s") % {"said": repr(hosts)[:200]}) from error
    for kept in NodeRelease.objects.filter(node=row):
        if there.pop(kept.host, (0, 0))[0] != kept.sequence:
            kept.delete()
    # Of what is written down nowhere the time is not known either.
    found = [NodeRelease(node=row, host=host, sequence=sequence, files=files, accepted_at=timezone.now())
             for host, (sequence, files) in there.items() if is_host(host)]  # fmt: skip
    NodeRelease.objects.bulk_create(found, ignore_conflicts=True)


# --- inside ------------------------------------------------------------------------------


def _likely(behind: HostBehind, release: Release) -> Iterator[str]:
    """What a node that has the release before lacks; it says itself what else it does.

    Where something came down that goes first, and what was published meanwhile after it.
    """
    yield from release.parts.values()
    if behind.tenant is not None:
        files = DeliveredFile.objects.filter(tenant=behind.tenant, until__isnull=True, since__gt=behind.accepted)
        if behind.urgent:
            files = files.filter(status=GONE)
        for digests in files.exclude(place="").values_list("sha256", "gzip"):
            yield from filter(None, digests)


def _digests(lacks: object) -> list[str]:
    """What a node asks for, without anything that would lead out of the store."""
    words = [one for one in lacks if isinstance(one, str)] if isinstance(lacks, list) else []
    return [one for one in words if len(one) == 64 and one.isascii() and one.isalnum()]


def _note(row: FrontNode, release: Release) -> None:
    """One statement, and never back: another lane may have pushed a newer one meanwhile."""
    facts = {"sequence": release.sequence, "files": release.files, "accepted_at": timezone.now()}
    known = NodeRelease.objects.filter(node=row, host=release.host)
    if known.filter(sequence__lte=release.sequence).update(**facts) or known.exists():
        return
    NodeRelease.objects.bulk_create(
        [NodeRelease(node=row, host=release.host, **facts)],
        update_conflicts=True, unique_fields=["node", "host"], update_fields=list(facts),
    )  # fmt: skip


def _described(answer: dict[str, object], release: Release) -> str:
    told = {"host": release.host, "release": release.sequence, "newest": answer.get("newest", ""),
            "detail": answer.get("detail", "")}  # fmt: skip
    match answer.get("refused"):
        case "replayed":
            return _("节点拒收 %(host)s 第 %(release)s 号静态版本：它已经有更新的第 %(newest)s 号。") % told
        case "unsigned":
            return _("节点拒收 %(host)s 第 %(release)s 号静态版本：签名与节点上的发布公钥不符。") % told
        case None:
            return _("节点正忙于接收 %(host)s 的静态版本。") % told
        case "failed":
            words = system_words(OSError(answer.get("errno"), ""))
            return _("节点没有收下 %(host)s 第 %(release)s 号静态版本：%(why)s。") % (told | {"why": words})
        case _:
            return _("节点没有收下 %(host)s 第 %(release)s 号静态版本：%(detail)s") % told
