"""What follows an act and is not done inside it: kept as rows until it is done, shown to operators when it is not.

``lines.py``: the kinds of lines on the sheet. ``rows.py`` writes a row in the act's own transaction, ``running.py``
carries rows out, ``actions.py`` is what operators do with those that failed (docs/features/consequences.md).
"""
