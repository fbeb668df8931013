from .disposition import Disposition
from .public_copy import PublicCopy
from .scan import Finding, Scan, ScannedPart

__all__ = ["Disposition", "Finding", "PublicCopy", "Scan", "ScannedPart"]
