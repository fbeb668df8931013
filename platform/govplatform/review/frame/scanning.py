"""The confidentiality scan of words of the frame: at once, by the same rules and dictionaries as pages of content."""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.confidentiality.running import is_passing
from govplatform.confidentiality.scanning.engine import scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.subject import Basis
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..gate.scans import present_basis, scan_settings
from .kinds import plain_words

logger = logging.getLogger("govplatform.review")
#: The form field in which the reason for doubtful words is given.
REASON = "frame_reason"


class WordsRefused(Refused):
    """Words that may not stand as they are. ``fields``: ``{field: reasons}``, for a form; ``findings``: of the scan."""

    def __init__(self, fields: Mapping[str, list[str]], findings: list[dict[str, Any]] | None = None) -> None:
        self.fields = dict(fields)
        self.findings = findings or []
        told = [reason for reasons in fields.values() for reason in reasons]
        # A form has a field for it; whoever reads the reasons alone may be at the shell.
        super().__init__([*told, _("用命令办理的，理由写在 --reason 中。")] if REASON in fields else told)


@dataclass(frozen=True)
class Verdict:
    """What the scan says of some words. ``findings``: as ``Finding.as_dict`` gives them, the field as ``where``."""

    basis: Basis
    findings: list[dict[str, Any]] = field(default_factory=list)

    def of(self, severity: str) -> list[dict[str, Any]]:
        return [finding for finding in self.findings if finding["severity"] == severity]

    def as_fields(self) -> dict[str, Any]:
        """For the columns that proposals and clearances have in common."""
        return {
            "findings": self.findings,
            "scanner_version": self.basis.scanner_version,
            "rule_pack": self.basis.rule_pack,
            "dictionary_version": self.basis.dictionary_version,
        }


@contextmanager
def scanning_for(tenant: Tenant | None) -> Iterator[None]:
    """Scan by the rules of ``tenant``; None: by those of the current site."""
    with tenant_context(tenant) if tenant is not None else nullcontext():
        yield


def scan_words(texts: Mapping[str, Any], changed: Collection[str], *, names: frozenset[str] = frozenset()) -> Verdict:
    """Scan all words of an object together and return what is found in those that are ``changed``.

    ``names``: words that are no marks here (``FrameKind.proper_names``).

    By the rule pack and the dictionaries of the current site. Raises Refused when the scan does not come to its end:
    what nobody has looked at does not take effect.
    """
    try:
        settings = scan_settings()
        found = scan_document(_pieces(texts), replace(settings, allowed=settings.allowed | names)).findings
        basis = present_basis()
    except Exception as problem:
        if is_passing(problem):
            raise
        logger.exception("words of the frame could not be scanned")
        raise Refused(_("这些文字未能完成保密扫描，没有保存。请稍后再试；仍然不行时请联系平台运维人员。")) from problem
    return Verdict(basis, [finding.as_dict() for finding in found if finding.where in changed])


def require_speakable(verdict: Verdict, labels: Mapping[str, str], reason: str) -> None:
    """Raise WordsRefused for what may not be published, and for what is doubtful when no reason is given."""
    blocking = verdict.of("block")
    if blocking:
        raise WordsRefused(_by_field(blocking, labels), blocking)
    doubtful = verdict.of("warn")
    if doubtful and not reason.strip():
        named = _by_field(doubtful, labels)
        asked = _("以上内容如确需使用，请在“说明理由”中写明理由后再保存。")
        raise WordsRefused({**named, REASON: [asked]}, doubtful)


def finding_in_words(finding: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return one sentence of where, what and why."""
    return _("“%(field)s”中有“%(excerpt)s”：%(message)s") % {
        "field": labels.get(finding["where"], finding["where"]),
        "excerpt": finding["excerpt"],
        "message": _(finding["message"]) if finding["message"] else finding["rule"],
    }


def _by_field(findings: list[dict[str, Any]], labels: Mapping[str, str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for finding in findings:
        named.setdefault(finding["where"], []).append(finding_in_words(finding, labels))
    return named


def _pieces(texts: Mapping[str, Any]) -> Iterator[Piece]:
    for name, words in texts.items():
        # Lines of one list belong together: a number split over two of them is none.
        text = "\n".join(map(plain_words, words)) if isinstance(words, list) else str(words)
        yield Piece(text, name)
