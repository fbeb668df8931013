"""The verb ``vocabulary``: list, add, rename, merge, retire, import and export terms from the shell."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from content_library.resources.reclassification import usage_counts
from content_library.vocabularies.actions import add_term, merge_terms, rename_term, retire_term
from content_library.vocabularies.exchange import export_terms, import_terms
from content_library.vocabularies.kinds import VOCABULARIES
from content_library.vocabularies.models import Term
from content_library.vocabularies.queries import as_dict, get_term, resolve_code, terms_of
from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.verbs import EXIT_REFUSED, VerbCommand


class Command(VerbCommand):
    help = "Manage the vocabularies: list | add | rename | merge | retire | import | export."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "act",
            choices=("list", "add", "rename", "merge", "retire", "import", "export"),
            help="list, add, rename, merge, retire, import or export",
        )
        parser.add_argument("vocabulary", choices=tuple(VOCABULARIES), help="code of the vocabulary")
        parser.add_argument("--code", default="", help="the term (add: the new one's code)")
        parser.add_argument("--label", default="", help="the term's words")
        parser.add_argument("--parent", default="", help="code of the top term")
        parser.add_argument("--alias", action="append", default=[], help="may be given several times")
        parser.add_argument("--into", default="", help="merge: code of the term that stays")
        parser.add_argument("--reason", default="")
        parser.add_argument("--file", type=Path, help="import: the CSV file")
        parser.add_argument("--out", type=Path, help="export: where to write")
        parser.add_argument("--preview", action="store_true", help="import: only say what would change")

    def run(self, **options: Any) -> dict[str, Any]:
        act = getattr(self, f"_{options['act']}")
        result: dict[str, Any] = act(options["vocabulary"], options)
        return result

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_REFUSED if result.get("reasons") else 0

    def _list(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        used = usage_counts(vocabulary)
        terms = [{**as_dict(row), "used": used.get(row.code, 0)} for row in terms_of(vocabulary).values()]
        return {"vocabulary": vocabulary, "terms": terms}

    def _add(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        parent = self._term(vocabulary, options["parent"]) if options["parent"] else None
        term = add_term(
            vocabulary,
            options["label"],
            code=options["code"],
            parent=parent,
            aliases=options["alias"],
            acting_user=None,
            reason=options["reason"],
            verb="vocabulary",
        )
        return {"vocabulary": vocabulary, "code": term.code, "label": term.label}

    def _rename(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        term = rename_term(
            self._term(vocabulary, options["code"]),
            label=options["label"] or None,
            aliases=options["alias"] or None,
            acting_user=None,
            reason=options["reason"],
            verb="vocabulary",
        )
        return {"vocabulary": vocabulary, "code": term.code, "label": term.label, "aliases": term.aliases}

    def _merge(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        source, target = self._term(vocabulary, options["code"]), self._term(vocabulary, options["into"])
        merge_terms(source, target, acting_user=None, reason=options["reason"])
        return {"vocabulary": vocabulary, "code": source.code, "answers_as": resolve_code(vocabulary, source.code)}

    def _retire(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        term = retire_term(self._term(vocabulary, options["code"]), acting_user=None, reason=options["reason"])
        return {"vocabulary": vocabulary, "code": term.code, "status": term.status}

    def _import(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        if options["file"] is None:
            raise CommandError(_("请用 --file 指定 CSV 文件。"))
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("无法读取 CSV 文件：%(error)s") % {"error": system_words(error)}) from error
        result = import_terms(
            vocabulary,
            text,
            acting_user=None,
            preview=options["preview"],
            reason=options["reason"],
            verb="vocabulary",
        )
        return {"vocabulary": vocabulary, "preview": options["preview"], **result.as_dict()}

    def _export(self, vocabulary: str, options: dict[str, Any]) -> dict[str, Any]:
        if options["out"] is None:
            raise CommandError(_("请用 --out 指定写到哪个文件。"))
        try:
            options["out"].write_text(export_terms(vocabulary), encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(_("无法写入文件：%(error)s") % {"error": system_words(error)}) from error
        return {"vocabulary": vocabulary, "file": str(options["out"]), "terms": len(terms_of(vocabulary))}

    def _term(self, vocabulary: str, code: str) -> Term:
        term = get_term(vocabulary, code)
        if term is None:
            raise Refused(
                _("词表“%(vocabulary)s”中没有代码“%(code)s”。")
                % {"vocabulary": VOCABULARIES[vocabulary].label, "code": code}
            )
        return term
