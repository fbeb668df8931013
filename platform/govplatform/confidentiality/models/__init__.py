from .disposition import Disposition
from .public_copy import PublicCopy
from .scan import Finding, Scan, ScannedPart, Severity
from .scanned_file import ScannedFile

__all__ = ["Disposition", "Finding", "PublicCopy", "Scan", "ScannedFile", "ScannedPart", "Severity"]
