"""Files with a letter: taken by what they are, kept encrypted, scanned in the guarded process, given to who handles it.

Nothing here opens a file in the process that serves people: what it is, is told from its first bytes, and everything
else is the guarded process's (``confidentiality.scanning``). The public gets none of them.
"""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.confidentiality.scanning.active_content import RULE as ACTIVE
from govplatform.confidentiality.scanning.active_content import acts_guarded
from govplatform.confidentiality.scanning.files import scan_file_guarded
from govplatform.confidentiality.scanning.readers.unreadable import FILE
from govplatform.refusals import PlacedReason, Refused
from govplatform.review.gate.scans import scan_settings
from govplatform.tenancy.models import Tenant
from govplatform.untrusted_files.kinds import suffix_of

from .actions import held_case, note_step, require
from .contact import decrypt_bytes, encrypt_bytes
from .letters import plain_text
from .models import Attachment, Case, CaseStep
from .permissions import reasons_against_opening

logger = logging.getLogger("govplatform.cases")
#: Files of one letter; bytes of each.
MOST, LARGEST = 3, 5 * 1024 * 1024
_NAME = 120
#: First bytes -> kind and the endings of a name that promise it.
_KINDS = (
    (b"\xff\xd8\xff", Attachment.Kind.JPEG, (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", Attachment.Kind.PNG, (".png",)),
    (b"%PDF-", Attachment.Kind.PDF, (".pdf",)),
    (b"PK\x03\x04", Attachment.Kind.DOCX, (".docx",)),
)
#: Endings of the names that are taken, for the form.
ENDINGS = tuple(ending for _head, _kind, endings in _KINDS for ending in endings)


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent in."""

    name: str
    content: bytes


def read_files(files: Sequence[SentFile]) -> list[Attachment]:
    """Return what is kept of ``files``, not stored yet. Raises Refused with a reason for each that cannot be taken."""
    given = [one for one in files if one.name or one.content]
    reasons = [reason for one in given if (reason := _reason_against(one))]
    if len(given) > MOST:
        reasons.insert(0, _("附件：最多 %(most)d 个，现在有 %(n)d 个。") % {"most": MOST, "n": len(given)})
    if reasons:
        raise Refused([PlacedReason(reason, "files") for reason in reasons])
    return [
        Attachment(place=place, name=_shown_name(one.name), kind=_kind_of(one), size=len(one.content), data=one.content)
        for place, one in enumerate(given, 1)
    ]


def keep_files(case: Case, files: Sequence[Attachment]) -> None:
    """Store ``files`` with their case, encrypted, in the transaction in which it is made."""
    for one in files:
        one.case, one.data = case, encrypt_bytes(bytes(one.data), _bound_to(case, one.place))
        one.save()


def files_to_scan(case: Case) -> dict[str, int] | None:
    """The arguments of ``scan_files``; None where nothing was sent."""
    return {"case_id": case.pk} if case.attachments.exists() else None


def scan_files(case_id: int) -> None:
    """Scan what waits of a case, each file in a guarded process with the rules of the desk. May be called again."""
    case = Case.objects.select_related("desk").get(pk=case_id)
    with tenant_context(case.desk):
        settings = scan_settings()
    for one in case.attachments.filter(state=Attachment.State.WAITING):
        content = decrypt_bytes(one.data, _bound_to(case, one.place))
        with tempfile.TemporaryDirectory(prefix="govplatform-letter-") as folder:
            path = Path(folder) / f"file.{one.kind}"
            path.write_bytes(content)
            told = scan_file_guarded(path, path.name, settings, with_parts=False)
            acts = bool(told["readable"]) and acts_guarded(path, one.kind)
        one.findings = [{name: found[name] for name in ("rule", "severity", "where")} for found in told["findings"]]
        if acts:
            one.findings.insert(0, {"rule": ACTIVE, "severity": "block", "where": FILE})
        one.state = Attachment.State.CHECKED if told["readable"] and not acts else Attachment.State.BLOCKED
        one.save(update_fields=["findings", "state"])


def open_attachment(case: Case, place: int, site: Tenant, *, acting_user: User) -> tuple[Attachment, bytes]:
    """Return a file of ``case`` as it came, to its clerk or handler; each look is recorded.

    ``site``: from whose console. Raises Refused, also while it was not scanned, and where the scan could not read it.
    """
    with held_case(case, site, acting_user) as case:
        found = case.attachments.filter(place=place).first()
        missing = [] if found is not None else [_("来信 %(number)s 没有这个附件。") % {"number": case.number}]
        require(reasons_against_opening(acting_user, case), missing)
        assert found is not None
        if found.state == Attachment.State.WAITING:
            raise Refused(_("附件还在检查，请稍后再打开。"))
        if found.state == Attachment.State.BLOCKED:
            raise Refused(_("附件无法检查（可能损坏、加密或者有害），不能下载。请与来信人联系，请其另寄。"))
        content = decrypt_bytes(found.data, _bound_to(case, place))
        # A chain keeps everything: the name that somebody gave a file may be about a person.
        note_step(case, CaseStep.Act.OPENED, case.state, acting_user, reason=found.name, recorded=str(place))
    return found, content


# --- inside ------------------------------------------------------------------------------


def _bound_to(case: Case, place: int) -> str:
    return f"{case.number}/{place}"


def _kind_of(file: SentFile) -> str:
    for head, kind, endings in _KINDS:
        if file.content.startswith(head) and suffix_of(file.name) in endings:
            return kind.value
    return ""


def _reason_against(file: SentFile) -> str:
    name = _shown_name(file.name)
    if not file.content:
        return _("附件“%(name)s”是空的。") % {"name": name}
    if len(file.content) > LARGEST:
        return _("附件“%(name)s”太大，每个最大 %(most)d MB。") % {"name": name, "most": LARGEST // 2**20}
    if not _kind_of(file):
        return _("附件“%(name)s”不是 JPG、PNG、PDF 或 DOCX 文件，或者扩展名与内容不符。") % {"name": name}
    return ""


def _shown_name(name: str) -> str:
    """The name without folders, in one line, short enough; its ending stays."""
    name = " ".join(plain_text(name.replace("\\", "/").rsplit("/", 1)[-1]).split())
    ending = suffix_of(name)
    return name if len(name) <= _NAME else name[: _NAME - len(ending)] + ending
