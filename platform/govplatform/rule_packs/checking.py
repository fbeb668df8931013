"""Checks of a rule pack; faults are sentences that name the file, the entry and the way out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from .articles import PLATFORM, is_article
from .files import PackFile, is_code
from .known_limits import KNOWN_LIMITS, MOST_LEVELS
from .names import COLUMN_TYPES, SCANNING_RULES, names_of
from .severity import SEVERITIES
from .site_life import ACTS, SECTIONS, faults_of_entry
from .working_days import read_day_end

STEPS = ("content", "confidentiality")
#: Further content reviews; they use the first one's checklist unless the pack has one for them.
FURTHER_STEPS = ("content2", "content3")
#: Code and version are kept together with every decision and scan (``RulePack.stamp``); so long fits there.
_LONGEST_VERSION = 15

Faults = Iterator[str]


def faults_in_file(file: PackFile) -> list[str]:
    """Everything wrong with what one file states itself, without what it takes over from others."""
    faults = [*_unknown(file, "", file.raw, ("extends", "label", "version", *_SECTIONS))]
    faults += _label_and_version(file)
    for name, check in _SECTIONS.items():
        if name not in file.raw:
            continue
        if isinstance(file.raw[name], dict):
            faults += check(file, file.raw[name])
        else:
            faults.append(file.fault(name, _("应当是一节，写作 [%(name)s]。") % {"name": name}))
    return faults


def faults_in_whole(file: PackFile, merged: Mapping[str, Any]) -> list[str]:
    """What ``file`` lacks although it takes over entries from others: limits, checklists, the end of a working day.

    ``merged``: the entries of all files together.
    """
    faults = []
    for name in KNOWN_LIMITS.keys() - merged.get("limits", {}).keys():
        sentence = _("缺少这一项（%(label)s）。请写明，或用 extends 沿用已有的规则包。")
        faults.append(file.fault(f"limits.{name}", sentence % {"label": KNOWN_LIMITS[name].label}))
    for step in STEPS:
        if not merged.get("checklists", {}).get(step):
            sentence = _("缺少这一环节的审查要点。请至少写一条，或用 extends 沿用已有的规则包。")
            faults.append(file.fault(f"checklists.{step}", sentence))
    if "working_time" not in merged:
        sentence = _("缺少这一节。请写明 day_ends（期间最后一日的截止时间），或用 extends 沿用已有的规则包。")
        faults.append(file.fault("working_time", sentence))
    return sorted(faults)


# --- the sections ------------------------------------------------------------------------


def _label_and_version(file: PackFile) -> Faults:
    if not is_code(file.code):
        yield file.fault(
            _("文件名"), _("请改为小写字母、数字和下划线，以字母开头，不超过 40 个字符，例如 hebei.toml。")
        )
    label, version = file.raw.get("label"), file.raw.get("version")
    if not isinstance(label, str) or not label.strip():
        yield file.fault("label", _('请写规则包的中文名称，例如 label = "河北规则"。'))
    if not isinstance(version, str) or not version or " " in version or len(version) > _LONGEST_VERSION:
        sentence = _('请写版本，例如 version = "2026.1"：不含空格，不超过 %(most)s 个字符；改动内容后须改版本。')
        yield file.fault("version", sentence % {"most": _LONGEST_VERSION})


def _limits(file: PackFile, section: Mapping[str, Any]) -> Faults:
    for name, stated in section.items():
        key = f"limits.{name}"
        known = KNOWN_LIMITS.get(name)
        if known is None:
            sentence = _("平台没有使用这一项，请删去或改正名称。可用：%(known)s。")
            yield file.fault(key, sentence % {"known": "、".join(KNOWN_LIMITS)})
            continue
        if not isinstance(stated, dict):
            yield file.fault(key, _("应当是一节，写明 value、unit 和 article。"))
            continue
        yield from _unknown(file, key, stated, ("value", "unit", "article", "note", "verified"))
        yield from _number(file, f"{key}.value", stated.get("value"), known.least, known.most)
        if stated.get("unit") not in known.units:
            units = "、".join(f"{unit.value}（{unit.label}）" for unit in known.units)
            sentence = _("单位“%(unit)s”不适用于这一项。可用：%(known)s。")
            yield file.fault(f"{key}.unit", sentence % {"unit": _shown(stated.get("unit")), "known": units})
        yield from _cited(file, key, stated)
        if not isinstance(stated.get("note", ""), str):
            yield file.fault(f"{key}.note", _("说明须是文字，请加引号。"))


def _checklists(file: PackFile, section: Mapping[str, Any]) -> Faults:
    yield from _unknown(file, "checklists", section, (*STEPS, *FURTHER_STEPS))
    for step, items in section.items():
        key = f"checklists.{step}"
        if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
            yield file.fault(key, _("请逐条写作 [[%(key)s]]，至少一条。") % {"key": key})
            continue
        codes: set[str] = set()
        for number, item in enumerate(items, 1):
            place = f"{key}[{number}]"
            yield from _unknown(file, place, item, ("code", "text", "article", "verified"))
            for name in ("code", "text"):
                if not isinstance(item.get(name), str) or not item[name].strip():
                    yield file.fault(f"{place}.{name}", _("不能为空。"))
            code = str(item.get("code"))
            if code in codes:
                sentence = _("“%(code)s”在这一环节中出现了两次，请改用不同的代号。") % {"code": code}
                yield file.fault(f"{place}.code", sentence)
            codes.add(code)
            yield from _cited(file, place, item)


def _site_life(name: str) -> Callable[[PackFile, Mapping[str, Any]], Faults]:
    def check(file: PackFile, section: Mapping[str, Any]) -> Faults:
        yield from _unknown(file, name, section, ACTS)
        for act, items in section.items():
            key = f"{name}.{act}"
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                yield file.fault(key, _("请逐条写作 [[%(key)s]]，至少一条。") % {"key": key})
                continue
            codes = [str(item.get("code")) for item in items]
            for number, item in enumerate(items, 1):
                place = f"{key}[{number}]"
                yield from _unknown(file, place, item, ("code", "text", "article", "verified", *SECTIONS[name]))
                for word in ("code", "text"):
                    if not isinstance(item.get(word), str) or not item[word].strip():
                        yield file.fault(f"{place}.{word}", _("不能为空。"))
                if codes.index(codes[number - 1]) != number - 1:
                    sentence = _("“%(code)s”出现了两次，请改用不同的代号。") % {"code": codes[number - 1]}
                    yield file.fault(f"{place}.code", sentence)
                yield from faults_of_entry(file, name, place, item)
                yield from _cited(file, place, item)

    return check


def _review_levels(file: PackFile, section: Mapping[str, Any]) -> Faults:
    yield from _unknown(file, "review_levels", section, ("column_types", "kinds", "article", "verified"))
    yield from _cited(file, "review_levels", section)
    types = names_of(COLUMN_TYPES)
    for name, is_known, known in (
        ("column_types", types.__contains__, _("可用：%(known)s。") % {"known": "、".join(types)}),
        ("kinds", _is_model, _("应当写作“应用.类型”，例如 policies.policydocument。")),
    ):
        key, levels = f"review_levels.{name}", section.get(name, {})
        if not isinstance(levels, dict):
            yield file.fault(key, _("应当是一节，写作 [%(name)s]。") % {"name": key})
            continue
        for code, number in levels.items():
            if not is_known(code):
                yield file.fault(f"{key}.{code}", _("平台没有这一种。") + known)
            yield from _number(file, f"{key}.{code}", number, 1, MOST_LEVELS)


def _scanning(file: PackFile, section: Mapping[str, Any]) -> Faults:
    yield from _unknown(file, "scanning", section, ("severities", "article", "verified"))
    yield from _cited(file, "scanning", section)
    severities = section.get("severities", {})
    if not isinstance(severities, dict):
        yield file.fault("scanning.severities", _("应当是一节，写作 [%(name)s]。") % {"name": "scanning.severities"})
        return
    for rule, severity in severities.items():
        key = f"scanning.severities.{rule}"
        yield from _known_rule(file, key, rule)
        if severity not in SEVERITIES:
            sentence = _("程度“%(given)s”无效。可用：block（必须处理）、warn（需要判断）、info（提示）。")
            yield file.fault(key, sentence % {"given": _shown(severity)})


def _masking(file: PackFile, section: Mapping[str, Any]) -> Faults:
    yield from _cited(file, "masking", section)
    for rule, ends in section.items():
        if rule in ("article", "verified"):
            continue
        key = f"masking.{rule}"
        yield from _known_rule(file, key, rule)
        if not isinstance(ends, dict):
            yield file.fault(key, _("应当写作 { keep_first = 1, keep_last = 4 }。"))
            continue
        yield from _unknown(file, key, ends, ("keep_first", "keep_last"))
        for name in ("keep_first", "keep_last"):
            yield from _number(file, f"{key}.{name}", ends.get(name), 0, None)


def _working_time(file: PackFile, section: Mapping[str, Any]) -> Faults:
    yield from _unknown(file, "working_time", section, ("day_ends", "article", "verified"))
    yield from _cited(file, "working_time", section)
    if read_day_end(section.get("day_ends")) is None:
        sentence = _('请写期间最后一日的截止时间，例如 "24:00"，或下班时间 "18:00"。')
        yield file.fault("working_time.day_ends", sentence)


_SECTIONS: dict[str, Callable[[PackFile, Mapping[str, Any]], Faults]] = {
    "limits": _limits,
    "checklists": _checklists,
    "review_levels": _review_levels,
    "scanning": _scanning,
    "masking": _masking,
    "working_time": _working_time,
    **{name: _site_life(name) for name in SECTIONS},
}


# --- inside ------------------------------------------------------------------------------


def _unknown(file: PackFile, place: str, stated: Mapping[str, Any], known: tuple[str, ...]) -> Faults:
    for name in stated:
        if name not in known:
            sentence = _("没有这一项，请删去或改正名称。可用：%(known)s。") % {"known": "、".join(known)}
            yield file.fault(f"{place}.{name}" if place else name, sentence)


def _cited(file: PackFile, place: str, stated: Mapping[str, Any]) -> Faults:
    if not is_article(stated.get("article")):
        sentence = _(
            "请写明依据的法规和条款，例如“《河北省政府网站管理办法》第三十四条”，几部法规之间用“；”隔开；"
            "没有法规依据的写“%(platform)s”。"
        )
        yield file.fault(f"{place}.article", sentence % {"platform": PLATFORM})
    if not isinstance(stated.get("verified", True), bool):
        sentence = _("写 true（已与原文核对）或 false（待核），不加引号。")
        yield file.fault(f"{place}.verified", sentence)


def _number(file: PackFile, key: str, given: object, least: int, most: int | None) -> Faults:
    if type(given) is int and given >= least and (most is None or given <= most):
        return
    if most is None:
        sentence = _("须是不小于 %(least)s 的整数，现在是 %(given)s。")
    else:
        sentence = _("须是 %(least)s 至 %(most)s 的整数，现在是 %(given)s。")
    yield file.fault(key, sentence % {"least": least, "most": most, "given": _shown(given)})


def _known_rule(file: PackFile, key: str, rule: str) -> Faults:
    rules = names_of(SCANNING_RULES)
    if rule not in rules:
        yield file.fault(key, _("没有这条扫描规则。可用：%(known)s。") % {"known": "、".join(rules)})


def _is_model(label: str) -> bool:
    try:
        apps.get_model(label)
    except (LookupError, ValueError):
        return False
    return True


def _shown(given: object) -> str:
    return _("（没有写）") if given is None else str(given)
