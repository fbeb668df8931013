"""The page of all verbs, from their own help."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from govplatform.serving.verbs_page import write_page
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Write docs/verbs.md from the help of every verb."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE", type=Path)

    def run(self, **options: Any) -> dict[str, Any]:
        page = write_page()
        if options["out"]:
            options["out"].write_text(page, encoding="utf-8")
            return {"written": str(options["out"])}
        return {"page": page}

    def describe(self, result: dict[str, Any]) -> str:
        return str(result.get("page") or result["written"])
