"""The arrivals of a site: each with its crawl, its report, what became of each old address, and who decided on it."""

from .addresses import OldAddress, SurveyedAddress
from .arrival import CRAWL_ENDINGS, Arrival, crawl_path, kept_path
from .decision import HistoricalClearance

__all__ = [
    "CRAWL_ENDINGS",
    "Arrival",
    "HistoricalClearance",
    "OldAddress",
    "SurveyedAddress",
    "crawl_path",
    "kept_path",
]
