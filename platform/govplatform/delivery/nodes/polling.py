"""A front node that takes its releases from a bucket with a key that only reads (docs/features/delivery.md).

``python -m govplatform.delivery.nodes.polling --bucket ADDRESS --credentials FILE --root DIR --own DIR --key FILE``.
What is taken in, and what is refused, is decided as on any other node (``accepting.py``). Without Django.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..release.entries import Faulty
from ..release.layout import is_host
from ..release.signed import LARGEST, read_public_keys
from ..release.taken_down import LARGEST as LARGEST_LIST
from .accepting import Node, accept, take_out, tidy
from .bucket import DOWN_LIST, RELEASES, Bucket, BucketError, BucketPlace, Unsound, name_of, read_credentials

#: The parts, their files, and some more where releases go on coming.
_ROUNDS, _AT_ONCE = 12, 8
_TIDY_EVERY = 24 * 3600.0
_LONGEST_PAUSE = 30.0


def main() -> int:
    """Look every ``--every`` seconds until SIGTERM; with ``--once`` once: 1 when something was not taken in."""
    options = _options()
    poller = Poller(options.node, options.bucket)
    if options.once:
        return 0 if poller.look() else 1
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_words: stopping.set())
    pause, tidied = options.every, time.monotonic()
    while not stopping.wait(pause):
        pause = options.every if poller.look() else min(max(pause, 1.0) * 2, _LONGEST_PAUSE)
        if time.monotonic() - tidied > _TIDY_EVERY:
            tidy(options.node)
            tidied = time.monotonic()
    return 0


class Poller:
    """``taken``: host -> tag of the release that was taken in, so that the same one is not read again."""

    def __init__(self, node: Node, bucket: Bucket) -> None:
        self.node, self.bucket = node, bucket
        self.taken: dict[str, str] = {}

    def look(self) -> bool:
        """Take in every release that is new in the bucket; False where one was not."""
        sound = True
        try:
            for name, tag, _time in self.bucket.listed(RELEASES):
                host = name.removeprefix(RELEASES)
                if not (is_host(host) or host == DOWN_LIST) or self.taken.get(host) == tag:
                    continue
                if host == DOWN_LIST:
                    answer = take_out(self.node, self.bucket.read(name, LARGEST_LIST + 1) or b"")
                else:
                    answer = self._take_in(self.bucket.read(name, LARGEST + 1) or b"")
                if "accepted" in answer:
                    self.taken[host] = tag
                else:
                    sound = False
                _say(event="release_taken" if "accepted" in answer else "release_not_taken", host=host, **answer)
        except BucketError as error:
            _say(event="bucket_not_read", error=str(error)[:300])
            sound = False
        except OSError as error:
            _say(event="release_not_taken", errno=error.errno)
            sound = False
        return sound

    def _take_in(self, envelope: bytes) -> dict[str, Any]:
        """What came down goes as soon as its parts are here, before other files are fetched."""
        answer: dict[str, Any] = {}
        tried: set[str] = set()
        for _round in range(_ROUNDS):
            answer = accept(self.node, envelope, urgent=True)
            lacks = [digest for digest in answer.get("lacks", ()) if digest not in tried]
            if not lacks:
                break
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                # what is not what its name says is not kept, and not asked for twice
                list(pool.map(self._fetch, lacks))
            tried.update(lacks)
        if "lacks" in answer:
            answer["lacks"] = len(answer["lacks"])
        return answer

    def _fetch(self, digest: str) -> None:
        self.node.store.take(self.bucket.pieces(name_of(digest)), digest)


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Take releases from a bucket until told to stop.")
    parser.add_argument("--bucket", required=True, type=BucketPlace.of, help="s3+https://HOST:PORT/BUCKET")
    parser.add_argument("--credentials", type=Path, required=True, help="two lines: id and secret of a reading key")
    parser.add_argument("--root", type=Path, required=True, help="the files that citizens get")
    parser.add_argument("--own", type=Path, required=True, help="what was accepted; outside of the root")
    parser.add_argument("--key", type=Path, required=True, help="public keys of the publisher, PEM")
    parser.add_argument("--every", type=float, default=0.5, metavar="SECONDS", help="between two looks")
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args()
    try:
        key = read_public_keys(options.key.read_bytes())
        options.bucket = Bucket(options.bucket, read_credentials(options.credentials))
    except (Faulty, Unsound) as error:
        parser.error(str(error))
    except OSError:
        parser.error(f"{options.key} or {options.credentials} cannot be read")
    os.umask(0o022)
    options.node = Node(options.root, options.own, key)
    options.node.prepare()
    return options


def _say(**facts: Any) -> None:
    sys.stderr.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
