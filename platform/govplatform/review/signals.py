"""Upward traffic from the review: what other parts do when a page goes live or comes down."""

from django.dispatch import Signal

#: A cleared revision went live, same transaction. ``page`` (specific), ``clearance``.
page_cleared = Signal()

#: A page was withdrawn, same transaction. ``page`` (specific), ``withdrawal``.
page_withdrawn = Signal()

#: The time that was cleared with a page is over and it came down, same transaction. ``page`` (specific).
page_expired = Signal()
