"""Releases without a database: what a publisher signs and puts in place, by the functions that it uses."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from govplatform.delivery.release.entries import BROTLI, GZIP, Entry, depth_for, digits_of, write_part
from govplatform.delivery.release.layout import GONE, type_of
from govplatform.delivery.release.signed import Release, sign
from govplatform.delivery.release.store import Store, compress, compress_brotli
from govplatform.delivery.release.taken_down import OfHost, TakenDown, place_list, sign_taken_down
from govplatform.delivery.release.trees import Site
from govplatform.delivery.verifying.faults import Findings
from govplatform.delivery.verifying.sweeping import sweep
from govplatform.delivery.verifying.taking_away import Bounds
from govplatform.delivery.verifying.verifier import Place, verifier
from govplatform.digests import Digester

FILES = {
    "index.html": b"<h1>home</h1>" * 200,
    "news/index.html": b"<h1>news</h1>" * 200,
    "news/1/index.html": "<p>第一篇</p>".encode() * 200,
    "news/1/a.pdf": b"%PDF-1.4 attachment",
    "robots.txt": b"User-agent: *\n",
    f"{GONE}/old/index.html.html": b"<p>gone</p>",
}


@dataclass
class Publisher:
    """Publishes ``site`` on ``host`` below ``folder``/root with a key of its own."""

    folder: Path
    site: str = "alpha"
    host: str = "alpha.example"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    sequence: int = 0
    lists: int = 0
    #: Taken out since the newest release.
    down: set[str] = field(default_factory=set)
    #: A second key, with which releases are signed too.
    sm2: Path | None = None

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def tree(self) -> Path:
        return Site(self.root, self.host).current

    @property
    def public_key(self) -> Path:
        path = self.folder / "key.pub"
        if not path.exists():
            path.write_bytes(self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return path

    def publish(self, changes: dict[str, bytes | None] | None = None, *, whole: bool = False) -> bytes:
        """Put a release with ``changes`` (None: the file goes) in place; return its envelope."""
        self.root.mkdir(parents=True, exist_ok=True)
        store, site = Store(self.root), Site(self.root, self.host)
        changes = changes or {}
        for place, content in changes.items():
            if content is None:
                self.files.pop(place, None)
            else:
                self.files[place] = content
        entries = {place: entry(place, content, store) for place, content in self.files.items()}
        self.sequence += 1
        self.down.clear()
        envelope = self.signed(entries, store)
        if whole or not site.envelope():
            site.switch(envelope, entries.values(), store, self.sequence)
        else:
            changed = [entries[place] for place, content in changes.items() if content is not None]
            site.bring_in_line(envelope, changed, [one for one in changes if changes[one] is None], store)
        return envelope

    def signed(self, entries: dict[str, Entry], store: Store, **facts: Any) -> bytes:
        depth = depth_for(len(entries))
        parts: dict[str, list[Entry]] = {}
        for one in entries.values():
            parts.setdefault(digits_of(one.place)[:depth], []).append(one)
        release = {
            "site": self.site, "host": self.host, "sequence": self.sequence, "depth": depth,
            "signed_at": f"2026-11-30T00:00:{self.sequence % 60:02d}+00:00", "files": len(entries),
            "bytes": sum(one.size for one in entries.values()),
            "parts": {digits: store.put(write_part(those)) for digits, those in sorted(parts.items())},
        }  # fmt: skip
        return sign(Release(**(release | facts)), self.key, self.sm2)

    def take_out(self, *places: str, lists: int = 0, remove: bool = True) -> bytes:
        """Take files out before there is a release without them; return the list that says so, the number ``lists``."""
        self.sequence += 1
        self.lists = lists or self.lists + 1
        self.down |= set(places)
        hosts = {self.host: OfHost(self.site, self.sequence, frozenset(self.down))}
        taken = TakenDown(self.lists, f"2026-11-30T00:00:{self.lists % 60:02d}+00:00", hosts)
        envelope = sign_taken_down(taken, self.key, self.sm2)
        place_list(self.root, envelope)
        if remove:
            Site(self.root, self.host).remove(places)
        for place in places:
            self.files.pop(place, None)
        return envelope

    def place(self, **facts: Any) -> Place:
        """What a verifier is given."""
        usual = {"root": self.root, "key": self.public_key, "memory": self.folder / "memory"}
        return Place(**(usual | {"quarantine": self.folder / "quarantine"} | facts))

    def verify(self, *, repair: bool = False, **facts: Any) -> Findings:
        with verifier(self.place(**facts), repair=repair) as means:
            for _step in sweep(means):
                pass
            return means.findings

    def lying(self) -> dict[str, bytes]:
        """What citizens would get, by place."""
        tree = self.tree.resolve()
        found = {str(path.relative_to(tree)): path for path in tree.rglob("*") if path.is_file()}
        return {place: path.read_bytes() for place, path in found.items() if not place.startswith(".release")}

    def meant(self) -> dict[str, bytes]:
        """What they should get."""
        packed = {
            f"{place}{ending}": made(content)
            for place, content in self.files.items() if _is_packed(place, content)
            for ending, made in ((GZIP, compress), (BROTLI, compress_brotli))
        }  # fmt: skip
        return self.files | packed


def entry(place: str, content: bytes, store: Store) -> Entry:
    digester = Digester()
    digester.update(content)
    digest = digester.finish()
    packed = compress(content) if _is_packed(place, content) else b""
    smaller = compress_brotli(content) if packed else b""
    return Entry(
        place=place, status=410 if place.startswith(GONE) else 200, size=len(content), sha256=store.put(content),
        sm3=digest.sm3, type=type_of(place), gzip=store.put(packed) if packed else "", gzip_size=len(packed),
        brotli=store.put(smaller) if packed else "", brotli_size=len(smaller),
    )  # fmt: skip


def _is_packed(place: str, content: bytes) -> bool:
    return place.endswith(".html") and len(content) > 1_000


def small() -> Bounds:
    """A quarantine that is soon full."""
    return Bounds(one=1_000, all=2_500, files=10)
