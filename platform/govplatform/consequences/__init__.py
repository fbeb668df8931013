"""What follows an act but is not part of its transaction: kept as rows until done, shown to operators when it fails.

``lines.py``: the kinds of lines on the sheet. ``rows.py`` writes a row in the act's own transaction, ``running.py``
carries rows out, ``actions.py`` is what operators do with those that failed (docs/features/consequences.md).
"""
