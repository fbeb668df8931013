import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from govplatform.lifecycle.merge.mapping import read_map
from govplatform.lifecycle.merge.planning import MergePlan, plan_merge
from govplatform.lifecycle.merge.words import collisions_in_words, counts_in_words, faults_in_words, moves_in_words
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand
from govplatform.whole_files import write_whole_file


class Command(VerbCommand):
    help = "Tell what merging a site into another one would do; nothing is changed."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SRC", help="code of the site that closes")
        parser.add_argument("destination", metavar="DEST", help="code of the site that takes its content over")
        parser.add_argument("--map", metavar="FILE", help="table (csv, xlsx) of column paths: from,to; “-” stays")
        parser.add_argument("--with-drafts", action="store_true", help="move pages too that were never public")
        parser.add_argument(
            "--leave-scheduled", action="store_true", help="leave pages that are cleared for a later day"
        )
        parser.add_argument("--out", metavar="FILE", help="write the plan as JSON as well")

    def run(self, **options: Any) -> dict[str, Any]:
        source, destination = get_tenant(options["source"]), get_tenant(options["destination"])
        wishes, faults = read_map(Path(options["map"])) if options["map"] else ({}, [])
        if faults:
            self.plan = MergePlan(source, destination, [], faults=faults)
        else:
            self.plan = plan_merge(
                source, destination, wishes, drafts=options["with_drafts"], scheduled=not options["leave_scheduled"]
            )
        result = self.plan.as_json()
        if options["out"]:
            text = json.dumps(result, ensure_ascii=False, indent=2) + "\n"
            write_whole_file(Path(options["out"]), [text.encode()], mode=0o644)
        return result

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result["faults"] else 0

    def describe(self, result: dict[str, Any]) -> str:
        if self.plan.faults:
            return "\n".join(faults_in_words(self.plan))
        parts = [counts_in_words(self.plan), moves_in_words(self.plan), collisions_in_words(self.plan)]
        return "\n\n".join("\n".join(lines) for lines in parts if lines)
