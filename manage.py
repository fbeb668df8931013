#!/usr/bin/env python
"""The door to every verb of the platform (see README.md, "Verbs")."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    # Both source roots are on the path of the virtual environment already; this keeps
    # `python manage.py` working from any directory as well (trap T18: ours come first).
    for root in (BASE_DIR / "platform", BASE_DIR):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.demo")
    # A quarter of the start of a verb was collecting garbage among modules that stay until it ends: there is none yet,
    # and later collections need not look at them.
    gc.disable()
    from django.core.management import ManagementUtility

    class Utility(ManagementUtility):
        """Django's, which collects garbage from the moment on in which everything is loaded."""

        def fetch_command(self, subcommand: str) -> Any:
            try:
                return super().fetch_command(subcommand)
            finally:
                gc.freeze()
                gc.enable()

    Utility(sys.argv).execute()


if __name__ == "__main__":
    main()
