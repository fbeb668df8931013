"""Reading an address back out of an archive, as a viewer would."""

from govplatform.digests import Digest, Digester

from .opening import Opened
from .warc_reading import Break, BrokenRecord


def replayed_digest(archive: Opened, address: str) -> tuple[int, Digest]:
    """``(status, digest of the payload)`` of what the archive answers for ``address``. Raises BrokenRecord."""
    found = archive.find(address)
    if found is None:
        raise BrokenRecord(Break.NOT_INDEXED)
    digester = Digester()
    for chunk in found.holder.chunks():
        digester.update(chunk)
    found.holder.end()
    return found.status, digester.finish()
