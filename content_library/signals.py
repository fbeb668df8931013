"""Upward traffic from the library, in the transaction that changes it."""

from django.dispatch import Signal

#: A version became current. ``resource``, ``version``, ``previous`` (ResourceVersion or None).
version_entered = Signal()

#: A resource may be shown nowhere any more. ``resource``, ``reason``.
resource_withdrawn = Signal()

#: A resource that was withdrawn is public again with the version it had. ``resource``.
resource_restored = Signal()
