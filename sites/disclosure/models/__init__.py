"""Pages by which an organ accounts for what it makes public."""

from .guide import DisclosureGuide
from .report import AnnualReport

__all__ = ["AnnualReport", "DisclosureGuide"]
