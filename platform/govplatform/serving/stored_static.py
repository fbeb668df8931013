"""Static files as ``collectstatic`` leaves them: with their digest in the name, compressed by gzip beside it."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StoredStatic(CompressedManifestStaticFilesStorage):
    """Without brotli, which is installed for pages: WhiteNoise compresses at its slowest, eight seconds a start."""

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(**options, use_brotli=False)
