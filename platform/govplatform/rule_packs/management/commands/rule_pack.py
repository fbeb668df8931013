"""Rule packs at the shell: read one, or validate all of them and files that are to become some."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.rule_packs.queries import (
    STEP_WORDS,
    describe_calendar,
    describe_pack,
    pack_states,
    site_life_in_words,
    unverified_of,
)
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Show a rule pack, or check all of them (no database needed) together with the files given."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["show", "check"], help="show one pack, or check packs for faults")
        parser.add_argument("names", nargs="*", metavar="NAME|FILE", help="show: one pack's name; check: *.toml files")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["act"] == "check":
            return self._check([Path(name) for name in options["names"]])
        if len(options["names"]) != 1:
            raise CommandError(_("show 须给出一个规则包的名称，例如 rule_pack show national。"))
        with schema_context("public"):
            return describe_pack(options["names"][0])

    def _check(self, files: list[Path]) -> dict[str, Any]:
        if missing := [str(path) for path in files if not path.is_file()]:
            raise CommandError(_("没有这个文件：%(files)s") % {"files": "、".join(missing)})
        packs = [
            {
                "name": state.code,
                "file": str(state.path),
                "version": state.pack.version if state.pack else None,
                "faults": state.faults,
                "unverified": unverified_of(state.pack) if state.pack else [],
            }
            for state in pack_states([path.resolve() for path in files])
        ]
        return {"packs": packs, "calendar": describe_calendar()}

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if any(pack["faults"] for pack in result.get("packs", [])) else 0

    def describe(self, result: dict[str, Any]) -> str:
        lines = _lines_of_check(result) if "packs" in result else _lines_of_pack(result)
        if warning := result["calendar"]["warning"]:
            lines.append(_("注意：%(warning)s") % {"warning": warning})
        return "\n".join(lines)


def _lines_of_check(result: dict[str, Any]) -> list[str]:
    lines = []
    for pack in result["packs"]:
        if pack["faults"]:
            count = {"name": pack["name"], "count": len(pack["faults"])}
            lines += [_("%(name)s：%(count)s 处有误") % count, *(f"  {fault}" for fault in pack["faults"])]
        else:
            usable = _("%(name)s %(version)s：可用") % {"name": pack["name"], "version": pack["version"]}
            lines.append(f"{usable}{_to_verify(pack['unverified'])}")
    return lines


def _lines_of_pack(result: dict[str, Any]) -> list[str]:
    working, calendar = result["working_time"], result["calendar"]
    lines = [
        f"{result['label']}（{result['stamp']}）{_to_verify(result['unverified'])}",
        _("沿用：%(packs)s") % {"packs": "、".join(result["extends"]) or _("无")},
        _("使用的站点：%(sites)s") % {"sites": "、".join(result["sites"]) or _("无")},
        _("期间最后一日的截止时间：%(time)s") % {"time": working["day_ends"]} + f"  {_article(working)}",
        _("工作日历：%(from)s 至 %(until)s") % {"from": calendar["from"], "until": calendar["until"]},
        "",
        _("时限与限额"),
    ]
    for limit in result["limits"]:
        lines.append(f"  {limit['name']}：{limit['words']}  {limit['label']}  {_article(limit)}")
        if limit["note"]:
            lines.append(f"      {limit['note']}")
    if result["review_levels"]:
        lines.append(_("内容审核级数"))
        lines += [
            _("  %(subject)s“%(label)s”：%(levels)s 级")
            % {"subject": row["of_label"], "label": row["label"], "levels": row["levels"]}
            for row in result["review_levels"]
        ]
    for step, items in result["checklists"].items():
        if step == "content" or items != result["checklists"]["content"]:
            lines.append(_("审查要点：%(step)s") % {"step": STEP_WORDS[step]})
            lines += [f"  {item['text']}  {_article(item)}" for item in items]
    for heading, rows in site_life_in_words(result["site_life"]):
        lines.append(heading)
        lines += [f"  {row['code']}：{row['text']}  {_article(row)}" for row in rows]
    if result["severities"]:
        lines.append(_("扫描规则的程度"))
        lines += [f"  {row['label']}：{row['words']}  {row['article']}" for row in result["severities"]]
    if result["masking"]:
        lines.append(_("遮盖方式"))
        lines += [
            _("  %(label)s：前 %(first)s 位、后 %(last)s 位保留")
            % {"label": row["label"], "first": row["keep_first"], "last": row["keep_last"]}
            for row in result["masking"]
        ]
    return lines


def _article(row: dict[str, Any]) -> str:
    return str(row["article"]) if row["verified"] else _("%(article)s（待核）") % {"article": row["article"]}


def _to_verify(names: list[str]) -> str:
    if not names:
        return ""
    return _("（%(count)s 项依据待核：%(names)s）") % {"count": len(names), "names": "、".join(names)}
