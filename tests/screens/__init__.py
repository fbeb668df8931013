"""Pictures of the screens of a running demo, for ``docs/screenshots``: ``python -m tests.screens``."""
