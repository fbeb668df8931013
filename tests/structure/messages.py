"""``make messages``: brings the English catalogue up to date with the code (needs the tools of gettext).

New sentences come without a translation; the tests name them until they have one.
"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    from .test_gettext import OUR_NAMES

    # Our own short names for gettext, which xgettext does not know.
    Command.xgettext_options = [*Command.xgettext_options, *(f"--keyword={name}" for name in OUR_NAMES)]
    # A guess from a sentence that looks alike would stand there as if somebody had translated it.
    Command.msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]
    call_command(
        Command(), locale=["en"], no_wrap=True, add_location="file", no_obsolete=True,
        ignore_patterns=[".venv/*", "tests/*", "var/*"],
    )  # fmt: skip
    # The Chinese one holds sentences of Wagtail in our words: it is written by hand and only compiled here.
    call_command("compilemessages", locale=["en", "zh_Hans"], ignore_patterns=[".venv/*"])


if __name__ == "__main__":
    sys.exit(main())
