"""Papers of an application: opened by the scanner like any attachment, then kept in private storage."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.audit.sm3 import sm3_hex, sm3_of_chunks
from govplatform.confidentiality.reading import read_file_guarded
from govplatform.confidentiality.scanning.files import readable_name
from govplatform.confidentiality.scanning.settings import SCANNER_VERSION
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_settings
from govplatform.tenancy.models import Tenant

from ..models import ApplicationPaper, SiteApplication

_CHUNK = 1 << 20
#: A scan or a signed letter; our own number, no regulation names one.
LARGEST_PAPER = 20 * 1024 * 1024
MOST_PAPERS = 20
#: The kind of a paper that no rule asks for.
OTHER_PAPER = "other"
#: Rules whose hits mean that a paper must not lie on a platform that is connected to the internet at all.
_SECRET = frozenset({"secrecy-mark", "internal-mark"})


@dataclass(frozen=True)
class GivenPaper:
    """A paper as a form or verb gives it. ``name``: of the file; ``source``: open at its beginning."""

    kind: str
    name: str
    source: BinaryIO | File


@dataclass
class ReadPaper:
    """A paper that the scanner has read. ``local``: a copy that lives as long as ``reading_papers``."""

    kind: str
    name: str
    local: Path
    size: int
    sm3: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@contextmanager
def reading_papers(tenant: Tenant, papers: Iterable[GivenPaper]) -> Iterator[list[ReadPaper]]:
    """Read all papers by the rules of ``tenant``; each says in ``reasons`` why it cannot be taken."""
    given = list(papers)
    if len(given) > MOST_PAPERS:
        raise Refused(_("一次最多提交 %(most)d 份材料，请合并后提交。") % {"most": MOST_PAPERS})
    with tempfile.TemporaryDirectory(prefix="papers-") as folder, tenant_context(tenant):
        yield [_read(Path(folder) / str(number), paper) for number, paper in enumerate(given)]


def keep_papers(application: SiteApplication, papers: Iterable[ReadPaper], stored: list[str]) -> None:
    """Store the papers with the application; names in storage are added to ``stored`` as they are written.

    Call inside the act's transaction; whoever calls deletes what is ``stored`` when the act fails.
    """
    for paper in papers:
        row = ApplicationPaper(
            application=application,
            kind=paper.kind,
            name=paper.name[:255],
            size=paper.size,
            sm3=paper.sm3,
            findings=paper.findings,
            scanner_version=SCANNER_VERSION,
        )
        with paper.local.open("rb") as stream:
            row.file.save(paper.name, File(stream), save=False)
        stored.append(str(row.file.name))
        row.save()


def open_paper(paper: ApplicationPaper) -> BinaryIO:
    """The bytes of a paper, at their beginning. Raises Refused when they are not those that were filed."""
    try:
        with paper.file.open("rb") as stored:
            data = stored.read(LARGEST_PAPER + 1)
    except OSError:
        data = b""
    if sm3_hex(data) != paper.sm3:
        sentence = _("材料“%(file)s”与提交时的校验值不一致，或者不在原处，不能作为依据；请退回申请，由申请人重新提交。")
        raise Refused(sentence % {"file": paper.name})
    return io.BytesIO(data)


def reasons_against_papers(application: SiteApplication) -> list[str]:
    """A sentence for each paper of the application that is not what was filed."""
    reasons = []
    for paper in application.papers.all():
        try:
            open_paper(paper)
        except Refused as refusal:
            reasons += refusal.reasons
    return reasons


def _read(local: Path, paper: GivenPaper) -> ReadPaper:
    paper = replace(paper, name=readable_name(paper.name))
    suffix = Path(paper.name).suffix.lower()
    local = local.with_suffix(suffix[:10] if suffix.isascii() else "")
    size = _copy(paper.source, local)
    with local.open("rb") as stream:
        sm3 = sm3_of_chunks(iter(lambda: stream.read(_CHUNK), b""))
    read = ReadPaper(paper.kind, paper.name, local, size, sm3)
    named = {"file": paper.name}
    if not 0 < size <= LARGEST_PAPER:
        most = LARGEST_PAPER // 1024 // 1024
        sentence = _("材料“%(file)s”是空文件，或者超过 %(most)d MB，请重新扫描或压缩后提交。")
        read.reasons.append(sentence % {**named, "most": most})
        return read
    if suffix.lstrip(".") not in {*settings.WAGTAILDOCS_EXTENSIONS, *settings.WAGTAILIMAGES_EXTENSIONS}:
        sentence = _("材料“%(file)s”的格式不在可用范围，请改用 PDF、图片、Word、Excel 或文本文件。")
        read.reasons.append(sentence % named)
        return read
    reading = read_file_guarded(local, paper.name, scan_settings())
    read.findings = [finding.as_dict() for finding in reading.findings]
    if not reading.readable:
        sentence = _("材料“%(file)s”打不开：文件损坏、加密或者与扩展名不符，请核对后重新提交。")
        read.reasons.append(sentence % named)
    if any(finding["rule"] in _SECRET and finding["severity"] == "block" for finding in read.findings):
        sentence = _("材料“%(file)s”带有密级或内部标志，不能上传到本平台，请按保密规定报送。")
        read.reasons.append(sentence % named)
    return read


def _copy(source: Any, local: Path) -> int:
    """Copy at most one byte more than is allowed: enough to know that it is too much."""
    left = LARGEST_PAPER + 1
    with local.open("wb") as copy:
        while left > 0 and (chunk := source.read(min(_CHUNK, left))):
            copy.write(chunk)
            left -= len(chunk)
    return LARGEST_PAPER + 1 - left
