"""What every file is asked that comes among the pictures and attachments of a site, whichever door it takes: whether
its content is what its name says. And the title that a name gives.
"""

import re
import unicodedata
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from govplatform.untrusted_files.characters import NEEDLESS
from govplatform.untrusted_files.kinds import NAMES, kind_of, suffix_of, wrong_name

_UNSEEN = re.compile(f"[{NEEDLESS}]")
#: Sounds and films begin in many ways; what is not known to be anything else passes for one.
_OF_MANY_BEGINNINGS = NAMES["media"]
_TITLE_LENGTH = 255
_NAME_BYTES = 180


def title_of(name: str) -> str:
    """Return the title that a file's ``name`` gives: without folder, extension and characters that nobody sees; '' when
    nothing is left. At most as long as a title may be.
    """
    name = PurePath(name.replace("\\", "/")).name
    stem = name[: len(name) - len(suffix_of(name))]
    return plain_words(stem)[:_TITLE_LENGTH].strip()


def shortened(name: str) -> str:
    """Return the ``name`` of a file with its extension, short enough for a file system: that counts bytes, of which a
    Chinese character has three, and the storage may put eight more into it.
    """
    suffix = suffix_of(name)
    stem = name[: len(name) - len(suffix)].encode()[: _NAME_BYTES - len(suffix)].decode(errors="ignore")
    return stem + suffix


def plain_words(text: str) -> str:
    """Return ``text`` in one line, without control characters and marks that only hide or reverse what is read."""
    shown = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return " ".join("".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in shown).split())


def require_what_its_name_says(file: Any) -> None:
    """Raise ValidationError for a ``file`` (open, with a name) that is empty or is something else than it is called."""
    if not file.size:
        raise ValidationError(_("“%(name)s”是空的，没有上传。") % {"name": file.name}, code="empty")
    suffix = suffix_of(str(file.name))
    kind = kind_of(file, suffix)
    promised = wrong_name(suffix, kind)
    if promised and not (promised == _OF_MANY_BEGINNINGS and kind == "unknown"):
        told = {"name": file.name, "promised": _(promised), "kind": _(NAMES[kind])}
        sentence = _("“%(name)s”按扩展名是%(promised)s，内容却是%(kind)s，没有上传。请用原软件另存，不要只改扩展名。")
        raise ValidationError(sentence % told, code="wrong_name")
