"""The shape that every management command of the platform has.

``--json`` prints exactly one JSON object on standard output.  Exit status: 0 done,
1 faults found (checks), 2 wrong use, 3 refused with reasons.
"""

import json
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.utils.translation import gettext as _
from psycopg.errors import UndefinedTable

from .database_errors import LOST, describe_fault, fault_of
from .refusals import Refused
from .verb_arguments import explain

EXIT_FAULTS, EXIT_WRONG_USE, EXIT_REFUSED = 1, 2, 3

#: Whether a verb runs with ``--as``: whoever holds the shell may name anybody, and the record says so.
_in_somebody_s_name: ContextVar[bool] = ContextVar("in_somebody_s_name", default=False)


def acts_in_somebody_s_name() -> bool:
    """Tell whether what happens now is the act of a verb on behalf of the person whom its ``--as`` names."""
    return _in_somebody_s_name.get()


def _is_no_text(value: object) -> bool:
    """Whether an argument, or one of a list of them, came in bytes that are no UTF-8 (PEP 383)."""
    values = value if isinstance(value, list) else [value]
    return any("\udc80" <= sign <= "\udcff" for one in values if isinstance(one, str) for sign in one)


def _lines(key: str, value: Any) -> Iterator[str]:
    """``key: value``, or below ``key:`` a line for each thing that a list holds."""
    if isinstance(value, (list, tuple)):
        nothing = _("无")
        yield f"{key}:" if value else f"{key}: {nothing}"
        for thing in value:
            yield f"  {_told(thing)}"
    else:
        yield f"{key}: {_told(value)}"


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_told(one)}" for key, one in value.items())
    return "; ".join(map(_told, value)) if isinstance(value, (list, tuple)) else str(value)


class VerbCommand(BaseCommand):
    """Base of all verbs. A subclass implements ``run`` and, where it has arguments, ``add_verb_arguments``.

    Refused and ValidationError end with status 3, CommandError and a database out of reach with status 2.
    """

    requires_system_checks: list[str] = []  # type: ignore[assignment]
    stealth_options = ("raise_refusals",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        self.add_verb_arguments(parser)
        explain(parser)

    def add_verb_arguments(self, parser: CommandParser) -> None:
        """Add the verb's own arguments to ``parser``; ``--json`` is there already."""

    def run(self, **options: Any) -> dict[str, Any]:
        """Carry out the verb and return the object that ``--json`` prints.

        Raises Refused with the reasons, or CommandError for wrong use.
        """
        raise CommandError(f"{type(self).__name__} does nothing")

    def exit_status(self, result: dict[str, Any]) -> int:
        """The exit status for a ``result`` of ``run``: 0, unless a verb that checks or imports overrides this."""
        return 0

    def describe(self, result: dict[str, Any]) -> str:
        """``result`` as text for a person at a terminal: a line for each key and one for each thing in a list, unless
        the verb overrides it.
        """
        return "\n".join(line for key, value in result.items() for line in _lines(key, value))

    def progress(self, done: int, total: int, what: str = "") -> None:
        """Show ``done`` of ``total`` and ``what`` on one overwritten line of standard error; only on a terminal."""
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            # not in the red of errors, which is what Django writes there
            self.stderr.write(f"\r{done}/{total} {what}\x1b[K", style_func=str, ending=end)

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options.pop("json")
        named = _in_somebody_s_name.set(bool(options.get("acting")))
        try:
            result = self.run(**options)
        except Refused as refusal:
            self._end_refused(refusal.reasons, as_json)
        except ValidationError as error:
            self._end_refused([str(message) for message in error.messages], as_json)
        except CommandError as error:
            error.returncode = EXIT_WRONG_USE
            raise
        except ProgrammingError as error:
            if not isinstance(error.__cause__, UndefinedTable):
                raise
            self._end_refused([_("平台尚未初始化，请先执行 init_platform。")], as_json)
        except UnicodeEncodeError as error:
            if not any(_is_no_text(value) for value in options.values()):
                raise
            raise CommandError(
                _("有参数不是 UTF-8 编码的文字，请在 UTF-8 的终端里重新输入。"), returncode=EXIT_WRONG_USE
            ) from error
        except (OperationalError, InterfaceError) as error:
            if fault_of(error) in LOST:
                self._end_refused([describe_fault(error)], as_json)
            raise CommandError(describe_fault(error), returncode=EXIT_WRONG_USE) from error
        finally:
            _in_somebody_s_name.reset(named)
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False, default=str))
        else:
            self.stdout.write(self.describe(result))
        if status := self.exit_status(result):
            sys.exit(status)

    def _end_refused(self, reasons: list[str], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"refused": reasons}, ensure_ascii=False))
        else:
            for reason in reasons:
                self.stderr.write(_("拒绝：%(reason)s") % {"reason": reason})
        sys.exit(EXIT_REFUSED)
