from .blob import Blob, ResourceFile
from .change import Change
from .numbering import IndexPattern, IndexSeries
from .repost import Repost
from .resource import Resource, ResourceVersion

__all__ = [
    "Blob",
    "Change",
    "IndexPattern",
    "IndexSeries",
    "Repost",
    "Resource",
    "ResourceFile",
    "ResourceVersion",
]
