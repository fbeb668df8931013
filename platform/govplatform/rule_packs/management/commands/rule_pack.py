"""Rule packs at the shell: read one, or validate all of them and files that are to become some."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django_tenants.utils import schema_context

from govplatform.rule_packs.queries import STEP_WORDS, describe_calendar, describe_pack, pack_states, unverified_of
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
            raise CommandError("show 须给出一个规则包的名称，例如 rule_pack show national。")
        with schema_context("public"):
            return describe_pack(options["names"][0])

    def _check(self, files: list[Path]) -> dict[str, Any]:
        if missing := [str(path) for path in files if not path.is_file()]:
            raise CommandError(f"没有这个文件：{'、'.join(missing)}")
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
            lines.append(f"注意：{warning}")
        return "\n".join(lines)


def _lines_of_check(result: dict[str, Any]) -> list[str]:
    lines = []
    for pack in result["packs"]:
        if pack["faults"]:
            lines += [f"{pack['name']}：{len(pack['faults'])} 处有误", *(f"  {fault}" for fault in pack["faults"])]
        else:
            lines.append(f"{pack['name']} {pack['version']}：可用{_to_verify(pack['unverified'])}")
    return lines


def _lines_of_pack(result: dict[str, Any]) -> list[str]:
    working, calendar = result["working_time"], result["calendar"]
    lines = [
        f"{result['label']}（{result['stamp']}）{_to_verify(result['unverified'])}",
        f"沿用：{'、'.join(result['extends']) or '无'}",
        f"使用的站点：{'、'.join(result['sites']) or '无'}",
        f"期间最后一日的截止时间：{working['day_ends']}  {_article(working)}",
        f"工作日历：{calendar['from']} 至 {calendar['until']}",
        "",
        "时限与限额",
    ]
    for limit in result["limits"]:
        lines.append(f"  {limit['name']}：{limit['words']}  {limit['label']}  {_article(limit)}")
        if limit["note"]:
            lines.append(f"      {limit['note']}")
    if result["review_levels"]:
        lines.append("内容审核级数")
        lines += [f"  {row['of_label']}“{row['label']}”：{row['levels']} 级" for row in result["review_levels"]]
    for step, items in result["checklists"].items():
        if step == "content" or items != result["checklists"]["content"]:
            lines.append(f"审查要点：{STEP_WORDS[step]}")
            lines += [f"  {item['text']}  {_article(item)}" for item in items]
    if result["severities"]:
        lines.append("扫描规则的程度")
        lines += [f"  {row['label']}：{row['words']}  {row['article']}" for row in result["severities"]]
    if result["masking"]:
        lines.append("遮盖方式")
        lines += [
            f"  {row['label']}：前 {row['keep_first']} 位、后 {row['keep_last']} 位保留" for row in result["masking"]
        ]
    return lines


def _article(row: dict[str, Any]) -> str:
    return f"{row['article']}{'' if row['verified'] else '（待核）'}"


def _to_verify(names: list[str]) -> str:
    return f"（{len(names)} 项依据待核：{'、'.join(names)}）" if names else ""
