"""The verb ``verify_merge``: prove that everything of the merged site is accounted for."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from govplatform.lifecycle.merge.queries import get_merge
from govplatform.lifecycle.merge.running import verify_merge
from govplatform.lifecycle.merge.showing import STEP_WORDS
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Check every page, revision, file, link, date and address of a merge against the source."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("merge", type=int, help="number of the merge")

    def run(self, **options: Any) -> dict[str, Any]:
        return verify_merge(get_merge(options["merge"]), progress=self._show)

    def _show(self, step: str, done: int, total: int) -> None:
        self.progress(done, total, str(STEP_WORDS.get(step, step)))

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS

    def describe(self, result: dict[str, Any]) -> str:
        lines = [
            _("已核对 %(checked)d 项，差错 %(faults)d 处。")
            % {"checked": result["checked"], "faults": len(result["faults"])}
        ]
        lines += ["  ".join(str(value) for value in fault.values()) for fault in result["faults"]]
        lines += [f"{one['kind']} {one['count']}：{one['reason']}" for one in result["not_moved"]]
        return "\n".join(lines)
