"""The platform's verbs, run as the shell runs them."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class
from django.utils import translation
from django_tenants.utils import schema_context

from .database import ROOT
from .traces import leave_no_traces

Done = subprocess.CompletedProcess[str]


def verb_process(database_url: str, *words: str, env: dict[str, str] | None = None, timeout: float = 120) -> Done:
    """``manage.py`` with these words, as a process of its own on this database."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            **(env or {}),
        },
        timeout=timeout,
        check=False,
    )


def call_verb(*words: str) -> Done:
    """The same in this process, on the database that it stands on: a second less of starting for each call.

    What a new process would not know is forgotten before: caches, the site that the caller stands in, its language.
    An exception that would end a process with a traceback reaches the test as what it is.
    """
    output, errors = io.StringIO(), io.StringIO()
    leave_no_traces()
    with (
        redirect_stdout(output),
        redirect_stderr(errors),
        schema_context("public"),
        translation.override(settings.LANGUAGE_CODE),
    ):
        status = _exit_status(*words)
    return subprocess.CompletedProcess(list(words), status, output.getvalue(), errors.getvalue())


def _exit_status(name: str, *words: str) -> int:
    """``BaseCommand.run_from_argv``, except that the connections stay open."""
    command: Any = load_command_class(get_commands()[name], name)
    command._called_from_command_line = True
    try:
        options = vars(command.create_parser("manage.py", name).parse_args(list(words)))
        try:
            command.execute(*options.pop("args", ()), **options)
        except CommandError as error:
            command.stderr.write(f"{type(error).__name__}: {error}")
            return error.returncode
    except SystemExit as end:
        return int(end.code or 0)
    return 0
