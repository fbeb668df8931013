"""``python -m govplatform.archive.verify DIR``: verify an archive where there is no platform, database or setting.

Prints the same as the verb ``verify_archive``. Exit status: 0 whole, 1 faults, 2 wrong use.
"""

import argparse
import json
import sys
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from .verification.checking import verify_archive
from .verification.faults import Verification


def described(result: Verification) -> str:
    """The result for a person: one line for a whole archive, else a line for each fault, the first one first."""
    if result.ok:
        words = {"archive": result.archive, "checked": result.checked, "key": result.key}
        return _("归档 %(archive)s 完好：核验 %(checked)s 项，签名公钥 %(key)s。") % words
    return "\n".join(f"{fault.place}：{fault.problem}" for fault in result.faults)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m govplatform.archive.verify", description="verify an archive")
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--key", metavar="HEX", default="", help="public key that must have signed the certificate")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(words)
    if not settings.configured:
        # Nothing of an installation is read: the sentences are said as they are written.
        settings.configure(USE_I18N=False)
    if not asked.folder.is_dir():
        parser.error(_("没有目录 %(folder)s。") % {"folder": asked.folder})
    result = verify_archive(asked.folder, key=asked.key)
    text = json.dumps(result.as_json(), ensure_ascii=False) if asked.json else described(result)
    sys.stdout.write(f"{text}\n")
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
