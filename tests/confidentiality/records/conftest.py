"""Fixtures that other folders use as well."""

from .records_content import at_confidentiality, once_at_confidentiality

__all__ = ["at_confidentiality", "once_at_confidentiality"]
