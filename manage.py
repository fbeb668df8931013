#!/usr/bin/env python
"""The door to every verb of the platform (see README.md, "Verbs")."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    # Both source roots are on the path of the virtual environment already; this keeps
    # `python manage.py` working from any directory as well (trap T18: ours come first).
    for root in (BASE_DIR / "platform", BASE_DIR):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
