"""The options of `scan --file`: a rule pack by name, words from a file. No database."""

import csv
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from govplatform.confidentiality.scanning.settings import DictionaryWord, ScanSettings
from govplatform.rule_packs.packs import NATIONAL, load_rule_pack
from govplatform.rule_packs.severity import SEVERITIES, Severity
from govplatform.system_words import system_words

from ..gate.thresholds import thresholds

_COLUMNS = {
    "word": ("word", "词语", "词"),
    "kind": ("kind", "类别", "类型"),
    "severity": ("severity", "程度", "级别"),
    "suggestion": ("suggestion", "建议", "正确用语", "建议用语"),
}
_KINDS = {"wrong": "wrong", "错误表述": "wrong", "sensitive": "sensitive", "敏感词": "sensitive"}
_SEVERITIES: dict[str, Severity] = {"必须处理": "block", "需要判断": "warn", "提示": "info"}


def settings_for_files(rule_pack: str, dictionary: str) -> ScanSettings:
    """Return the scan's settings without a site, by the national pack where none is named.

    Raises Refused for an unknown pack, CommandError for a file that cannot be used.
    """
    words = _words(Path(dictionary)) if dictionary else ()
    return ScanSettings(words=words, **thresholds(load_rule_pack(rule_pack or NATIONAL)))


def _words(path: Path) -> tuple[DictionaryWord, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except OSError as error:
        raise CommandError(
            _("词库文件打不开：%(path)s（%(error)s）") % {"path": path, "error": system_words(error)}
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(_("词库文件须为 UTF-8 编码的 CSV：%(path)s") % {"path": path}) from error
    if rows and not any(name in rows[0] for name in _COLUMNS["word"]):
        raise CommandError(_("词库文件缺少“词语”一列：%(path)s") % {"path": path})
    words = []
    for row in rows:
        cell = {
            field: next((row[name] or "" for name in names if name in row), "") for field, names in _COLUMNS.items()
        }
        severity = _SEVERITIES.get(cell["severity"].strip(), cell["severity"].strip())
        if cell["word"].strip():
            words.append(
                DictionaryWord(
                    cell["word"].strip(),
                    _KINDS.get(cell["kind"].strip(), "sensitive"),
                    severity if severity in SEVERITIES else "warn",  # type: ignore[arg-type]
                    cell["suggestion"].strip(),
                )
            )
    return tuple(words)
