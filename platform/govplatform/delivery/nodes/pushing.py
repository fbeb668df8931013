"""Bringing one host of a node up to what lies at the centre: files first, the signed release after them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words

from ..answers import store_at
from ..keys import publishers_key
from ..models import DeliveredFile, FrontNode, NodeRelease
from ..release.entries import Faulty
from ..release.layout import is_host
from ..release.signed import LARGEST, Release, read_signed
from ..release.store import STORE
from ..release.taken_down import TakenDown, list_bytes, read_taken_down
from ..release.trees import Site
from ..releasing import root
from . import transport
from .accepting import GONE
from .configured import FrontServer, ObjectStore
from .line import Line, NoLine
from .queries import HostBehind
from .word import MOST_BROUGHT, MOST_FILES, Word

#: The node asks once for parts, once for what stands in them; more often where releases go on coming.
_ROUNDS = 12


def push(server: FrontServer | ObjectStore, row: FrontNode, behind: HostBehind) -> bool:
    """Have the node accept the newest release of that host; False where there is none. Raises Unreachable, Refused.

    May be killed and called again: what has arrived is not sent again.
    """
    if (offer := _newest(behind.host)) is None:
        return False
    transport.send(server, root() / STORE, _likely(behind, offer.release))
    return _pushed(server, row, offer, "offer", set())


def push_down(line: Line | NoLine, row: FrontNode, behind: HostBehind) -> int:
    """Have what came down of that host gone from the node, before anything else: one word, which brings what proves it.

    Returns the number of the release with which it went; other files of it may be on their way still. Without the
    connection, and where the word would be too large, as ``push``. Raises Unreachable, Refused.
    """
    if (offer := _newest(behind.host)) is None:
        return 0
    wanted, sent = list(_likely(behind, offer.release, down=True)), set[str]()
    for _round in range(_ROUNDS):
        if (files := _small(wanted)) is None or (answer := line.say(Word(offer.envelope, files))) is None:
            break
        if "accepted" in answer:
            _note(row, offer.release)
            return offer.release.sequence
        if answer.get("down"):
            return offer.release.sequence
        wanted = _digests(answer.get("lacks"))
        if not wanted or sent.issuperset(wanted):
            # what it says is dealt with where it is asked in full
            break
        sent.update(wanted)
    transport.send(line.server, root() / STORE, wanted)
    _pushed(line.server, row, offer, "urgent", set(wanted))
    return offer.release.sequence


def newest_list() -> tuple[bytes, TakenDown | None]:
    """The list of what came down that lies at the centre, as it is signed and as it reads."""
    envelope = list_bytes(root())
    try:
        return envelope, read_taken_down(envelope, publishers_key().public_key())
    except Faulty:
        return b"", None


def push_list(line: Line | NoLine, envelope: bytes) -> dict[str, object]:
    """Have what came down on any host gone from the node, before the releases that say so; return what it answers. A
    node that does not know lists takes it for a release of nobody's. Raises Unreachable.
    """
    answer = line.say(Word(envelope)) if len(envelope) <= LARGEST else None
    return answer if answer is not None else transport.ask(line.server, "urgent", envelope)


def compare(server: FrontServer | ObjectStore, row: FrontNode) -> None:
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


@dataclass
class _Offer:
    """The newest release at the centre. ``envelope``: as it is signed; ``release``: what stands in it."""

    envelope: bytes
    release: Release


def _newest(host: str) -> _Offer | None:
    envelope = Site(root(), host).envelope()
    return _Offer(envelope, read_signed(envelope, publishers_key().public_key())) if envelope else None


def _pushed(server: FrontServer | ObjectStore, row: FrontNode, offer: _Offer, word: str, sent: set[str]) -> bool:
    """Offer it, and send what is lacking, until it is accepted. Raises Unreachable, Refused."""
    host = offer.release.host
    for _round in range(_ROUNDS):
        answer = transport.ask(server, word, offer.envelope)
        if "accepted" in answer:
            _note(row, offer.release)
            return True
        if lacks := _digests(answer.get("lacks")):
            if answer.get("down"):
                # the rest is for the other lane
                return True
            if sent.issuperset(lacks):
                told = {"host": host}
                raise Refused(_("%(host)s 的文件在本地文件库里缺失或已损坏，请重新生成该站全部页面。") % told)
            transport.send(server, root() / STORE, lacks)
            sent.update(lacks)
        elif (newest := _newest(host)) is not None and newest.envelope != offer.envelope:
            # another lane has pushed a newer one meanwhile; a release that is on its way is not exchanged for it
            offer = newest
        else:
            raise Refused(_described(answer, offer.release))
    raise Refused(_("%(host)s 的静态版本一直在更新，节点还没有收全。") % {"host": host})


def _likely(behind: HostBehind, release: Release, *, down: bool = False) -> Iterator[str]:
    """What a node that has accepted that release lacks: parts in which something differs, and the files; it says itself
    what else it does. ``down``: of the files, only the notices of what is gone.
    """
    if behind.tenant is None or not behind.accepted:
        yield from release.parts.values()
    if behind.tenant is None:
        return
    rows = DeliveredFile.objects.filter(tenant=behind.tenant).exclude(place="")
    since = Q(until__isnull=True, since__gt=behind.accepted)
    if behind.accepted:
        differ = rows.filter(since | Q(until__gt=behind.accepted)).values_list("part", flat=True).distinct()
        for digits in dict.fromkeys(part[: release.depth] for part in differ):
            if digits in release.parts:
                yield release.parts[digits]
    files = rows.filter(since, status=GONE) if down else rows.filter(since)
    for digests in files.values_list("sha256", "gzip", "brotli"):
        yield from filter(None, digests)


def _small(digests: Iterable[str]) -> list[bytes] | None:
    """The bytes of ``digests``, as far as they are here; None where they are too many for a word."""
    store, files, left = store_at(root()), list[bytes](), MOST_BROUGHT
    for digest in dict.fromkeys(digests):
        try:
            left -= store.path_of(digest).stat().st_size
            if left < 0 or len(files) == MOST_FILES:
                return None
            files.append(store.read(digest))
        except FileNotFoundError:
            continue
    # one that has grown meanwhile is none of ours
    return files if sum(map(len, files)) <= MOST_BROUGHT else None


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
