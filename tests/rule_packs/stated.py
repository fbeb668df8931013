"""Rule packs that a test states for itself."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings as installed

from govplatform.rule_packs.packs import load_pack_file

SHIPPED = Path(installed.RULE_PACK_DIR)
#: What every file must say of itself.
HEAD = 'extends = "national"\nlabel = "试验规则"\nversion = "1"\n'


def state_packs(settings: Any, folder: Path, **texts: str) -> None:
    """The packs in force are the shipped ones and ``texts``: code -> what the file says after its head."""
    for path in SHIPPED.glob("*.toml"):
        shutil.copy(path, folder)
    for code, text in texts.items():
        (folder / f"{code}.toml").write_text(HEAD + text, encoding="utf-8")
    settings.RULE_PACK_DIR = folder
    load_pack_file.cache_clear()


def limit(name: str, value: int, unit: str, article: str = "平台约定") -> str:
    """A limit as a file states it."""
    return f'[limits.{name}]\nvalue = {value}\nunit = "{unit}"\narticle = "{article}"\n'
