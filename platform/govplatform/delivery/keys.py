"""The publisher's key, with which releases are signed. The worker of the queue ``delivery`` alone has it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from govplatform.signing_keys import signing_key_from

from .release.store import put_at


def publishers_key() -> Ed25519PrivateKey:
    """The key, from ``DELIVERY_SIGNING_KEY`` or from its file, which is made at first use.

    Its public half is written beside it (``DELIVERY_PUBLIC_KEY_FILE``, PEM) for those who verify. Raises Refused when
    what is there is no Ed25519 key.
    """
    key = signing_key_from(settings.DELIVERY_SIGNING_KEY, "DELIVERY_SIGNING_KEY", Path(settings.DELIVERY_KEY_FILE))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path = Path(settings.DELIVERY_PUBLIC_KEY_FILE)
    if not path.exists() or path.read_bytes() != public:
        path.parent.mkdir(parents=True, exist_ok=True)
        put_at(public, path)
    return key
