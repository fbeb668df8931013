"""What happened, and what follows from it: the mechanism behind the one sheet of consequences (``sites/wiring.py``).

``event.py``: the base of every event. ``sheet.py``: the sheet, and ``follow``, which an act calls when its work is
done. The events stand beside the acts they come from (``review/events.py`` and so on); nothing here knows any of them.
"""
