"""Fixtures that other folders use as well."""

from .rescan_content import found, once_found

__all__ = ["found", "once_found"]
