"""The verb ``ledger``: enter what was public before the ledger was kept, export it for nginx, import old addresses."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.addresses.actions import enter_site, import_addresses, set_host_rules
from govplatform.addresses.canonical import CHARSETS, DEFAULT_RULES, Rules
from govplatform.addresses.import_plan import answer_after, answer_now, plan_addresses
from govplatform.addresses.known import Answer
from govplatform.addresses.nginx import export_map
from govplatform.addresses.permissions import reasons_against_keeping
from govplatform.addresses.queries import holder_of
from govplatform.addresses.table import SHEET
from govplatform.addresses.trial import reasons_against_rules, try_rules
from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import read_table
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, EXIT_REFUSED, VerbCommand


class Command(VerbCommand):
    help = "Keep the ledger of public addresses: backfill, export for nginx, import old addresses."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

        def verb(name: str, text: str) -> Any:
            made = verbs.add_parser(name, help=text)
            made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
            return made

        backfill = verb("backfill", "enter what was public before the ledger was kept; may be run again")
        backfill.add_argument("--site", metavar="CODE", help="one site; without: every site")
        export = verb("export", "write what is answered as a map for the front server")
        export.add_argument("--format", choices=["nginx"], default="nginx", help="whose configuration it is")
        export.add_argument("--out", required=True, type=Path, metavar="FILE")
        export.add_argument("--site", metavar="CODE", help="one site; without: every site")
        rules = verb("rules", "choose how the addresses of a host are read")
        rules.add_argument("--site", required=True, metavar="CODE")
        rules.add_argument("--host", default="", metavar="H", help="an old host; without: the site's own hosts")
        rules.add_argument("--charset", default="utf-8", choices=list(CHARSETS), help="read first in percent escapes")
        rules.add_argument(
            "--parameter", action="append", default=[], metavar="NAME", help="a query parameter that counts"
        )
        rules.add_argument("--keep-case", action="store_true", help="letters of either case are different")
        rules.add_argument(
            "--default-document",
            action="append",
            metavar="NAME",
            help="a file name that stands for its folder; given once or more, these instead of the usual ones",
        )
        rules.add_argument(
            "--extension",
            action="append",
            metavar=".EXT",
            help="an ending that may be left off; given once or more, these instead of the usual ones",
        )
        rules.add_argument("--try", dest="trial", metavar="ADDRESS", help="only say what it becomes and answers")
        rules.add_argument("--reason", default="")
        rules.add_argument("--as", dest="acting", required=True, metavar="USER")
        taking = verb("import", "enter old addresses of a host from a table (CSV, XLSX)")
        taking.add_argument("file", type=Path, metavar="FILE", help="columns: address, target; title, kind, reason")
        taking.add_argument("--host", required=True, metavar="H", help="the host whose addresses they are")
        taking.add_argument("--site", metavar="CODE", help="the site that answers for it, when the host is not known")
        taking.add_argument("--dry-run", action="store_true", help="only say what each row would do")
        taking.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            verbs = {"backfill": self._backfill, "export": self._export, "import": self._import, "rules": self._rules}
            return verbs[options["verb"]](options)

    def _backfill(self, options: dict[str, Any]) -> dict[str, Any]:
        def enter(run: SiteRun) -> int:
            return enter_site(run.tenant)

        chosen = [get_tenant(options["site"])] if options["site"] else None
        report = each_site(enter, job="ledger_backfill", tenants=chosen, again=False)
        failed = [{"site": failure.tenant.code, "problem": failure.error} for failure in report.failed]
        return {"entries": sum(entered for _tenant, entered in report.done), "failed": failed}

    def _export(self, options: dict[str, Any]) -> dict[str, Any]:
        exported = export_map(options["out"], [get_tenant(options["site"])] if options["site"] else None)
        return {"entries": exported.entries, "left_out": exported.left_out, "file": str(options["out"])}

    def _rules(self, options: dict[str, Any]) -> dict[str, Any]:
        documents, extensions = options["default_document"], options["extension"]
        rules = Rules(
            fold_case=not options["keep_case"],
            charset=options["charset"],
            significant=(*DEFAULT_RULES.significant, *options["parameter"]),
            default_documents=DEFAULT_RULES.default_documents if documents is None else tuple(documents),
            legacy_extensions=DEFAULT_RULES.legacy_extensions if extensions is None else tuple(extensions),
        )
        tenant, acting_user = get_tenant(options["site"]), get_user(options["acting"])
        if options["trial"]:
            return _tried(tenant, options["host"], rules, options["trial"], acting_user)
        chosen = set_host_rules(tenant, options["host"], rules, reason=options["reason"], acting_user=acting_user)
        return {"host": chosen.host or tenant.public_host, "significant": list(chosen.significant)}

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        host = options["host"].strip().lower().rstrip(".")
        tenant = get_tenant(options["site"]) if options["site"] else holder_of(host)
        if tenant is None:
            raise CommandError(
                _("平台没有登记域名“%(host)s”，请用 --site 写明由哪个站点答复它的旧网址。") % {"host": host}
            )
        acting_user = get_user(options["acting"])
        path = options["file"]
        if options["dry_run"]:
            return _foreseen(tenant, host, path, acting_user)
        report = import_addresses(tenant, host, path, filename=path.name, acting_user=acting_user)
        result: dict[str, Any] = {"entries": report.entries, "notes": list(report.notes)}
        if report.faults:
            lines = len({fault.line for fault in report.faults})
            result["faults"] = [fault.as_dict() for fault in report.faults]
            result["refused"] = [_("有 %(count)s 行有误，没有导入任何网址。请改正后重试。") % {"count": lines}]
        return result

    def exit_status(self, result: dict[str, Any]) -> int:
        if result.get("refused"):
            return EXIT_REFUSED
        if "rows" in result:
            return EXIT_FAULTS if any(row["faults"] for row in result["rows"]) else 0
        return EXIT_FAULTS if result.get("failed") else 0

    def describe(self, result: dict[str, Any]) -> str:
        if "path" in result:
            return "\n".join(f"{name}: {told}" for name, told in result.items())
        if "rows" in result:
            return "\n".join(
                f"{row['line']}  {row['address']}  {''.join(row['faults']) or row['location'] or row['status']}"
                for row in result["rows"]
            )
        if "significant" in result:
            return f"{result['host']}: {', '.join(result['significant'])}"
        lines = [_("%(entries)s 个网址") % {"entries": result["entries"]}, *result.get("notes", [])]
        if result.get("left_out"):
            lines.append(_("%(count)s 个网址过长或有歧义，由应用答复") % {"count": result["left_out"]})
        lines += [f"{failure['site']}: {failure['problem']}" for failure in result.get("failed", [])]
        lines += [
            _("第 %(line)s 行“%(column)s”：%(reason)s") % fault if fault["column"] else str(fault["reason"])
            for fault in result.get("faults", [])
        ]
        return "\n".join(
            [*lines, *(_("拒绝：%(reason)s") % {"reason": reason} for reason in result.get("refused", []))]
        )


def _require_keeper(acting_user: User) -> None:
    if reasons := reasons_against_keeping(acting_user):
        raise Refused(reasons)


def _tried(tenant: Tenant, host: str, rules: Rules, address: str, acting_user: User) -> dict[str, Any]:
    """``{"path", "loose", "now", "answer", "same"}``: the two forms, both answers, two addresses that would be one."""
    _require_keeper(acting_user)
    if reasons := reasons_against_rules(rules):
        raise Refused(reasons)
    trial = try_rules(tenant, host, rules, address)
    return {
        "path": trial.path,
        "loose": trial.loose,
        "now": _told(trial.now),
        "answer": _told(trial.answer) if trial.answer is not None else None,
        "same": list(trial.same) if trial.same is not None else None,
    }


def _foreseen(tenant: Tenant, host: str, path: Path, acting_user: User) -> dict[str, Any]:
    """``{"rows": [{"line", "address", "now", "status", "location", "faults"}], "notes"}``; nothing is written."""
    _require_keeper(acting_user)
    table = read_table(path, path.name, sheet=SHEET)
    plan = plan_addresses(tenant, host, table)
    rows = []
    for line in plan.lines:
        after = answer_after(line)
        rows.append(
            {
                "line": line.line,
                "address": line.address,
                "now": _told(answer_now(plan, line)),
                "status": after.status if after is not None else None,
                "location": (after.location or None) if after is not None else None,
                "faults": [fault.reason for fault in line.faults],
            }
        )
    return {"rows": rows, "notes": list(table.notes)}


def _told(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "location": answer.location or None, "reason": answer.reason}
