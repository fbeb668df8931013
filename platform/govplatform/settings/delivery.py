"""Static delivery: where files of releases lie, who signs, who verifies."""

import os
from pathlib import Path

from .folders import VAR_DIR

#: What front servers send, a folder for each host, and the store behind it (govplatform.delivery).
DELIVERY_ROOT = Path(os.environ.get("DELIVERY_ROOT", VAR_DIR / "delivery"))
#: What releases are signed with, as ARCHIVE_SIGNING_KEY; for the publisher alone. Verifiers have the public half.
DELIVERY_SIGNING_KEY = os.environ.get("DELIVERY_SIGNING_KEY", "")
DELIVERY_KEY_FILE = Path(os.environ.get("DELIVERY_KEY_FILE", VAR_DIR / "delivery_key.pem"))
#: Releases are signed with this SM2 key too, PEM; who has the public half of both asks for both. Empty: with one.
DELIVERY_SM2_KEY_FILE = os.environ.get("DELIVERY_SM2_KEY_FILE", "")
DELIVERY_PUBLIC_KEY_FILE = Path(os.environ.get("DELIVERY_PUBLIC_KEY_FILE", VAR_DIR / "delivery_key.pub"))
#: Pages are kept as brotli too, a sixth smaller than gzip, for disk of a third more; 0 for none.
DELIVERY_BROTLI = os.environ.get("DELIVERY_BROTLI", "1") == "1"
#: So many days a site can go back to an earlier release of its files.
DELIVERY_KEPT_DAYS = int(os.environ.get("DELIVERY_KEPT_DAYS", "30"))
#: The verifier's own (verify_release), where nobody else may write: the newest releases that it accepted, what it took
#: away (up to so many bytes), and what it found, for the application to read.
DELIVERY_VERIFIER_DIR = Path(os.environ.get("DELIVERY_VERIFIER_DIR", VAR_DIR / "delivery_verifier"))
DELIVERY_QUARANTINE_BYTES = int(os.environ.get("DELIVERY_QUARANTINE_BYTES", str(1 << 30)))
#: Front servers elsewhere to which the publisher pushes, NAME=ssh://USER@HOST:PORT with blanks between them, and
#: buckets from which others take releases, NAME=s3+https://HOST:PORT/BUCKET; for each of them NAME.key lies in the
#: folder, and the keys of their SSH servers in known_hosts (docs/features/delivery.md).
DELIVERY_NODES = os.environ.get("DELIVERY_NODES", "")
DELIVERY_NODES_DIR = Path(os.environ.get("DELIVERY_NODES_DIR", VAR_DIR / "delivery_nodes"))
