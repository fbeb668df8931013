"""What a node does for the centre, as the forced command of its SSH key (docs/features/delivery.md).

``python -m govplatform.delivery.nodes.node --root DIR --own DIR --key FILE`` in authorized_keys; what the centre asked
for stands in ``SSH_ORIGINAL_COMMAND``: ``state``, ``offer`` or ``urgent`` (the signed release on standard input),
``tidy``, ``findings`` (what the verifier here has found since), files for the store by rsync, or ``stay``, which holds
a connection open and takes withdrawals. Nothing else is done, and nothing is ever sent but one line of JSON. Without
Django, so that it begins at once.
"""

import argparse
import json
import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from ..release.entries import Faulty
from ..release.signed import read_public_keys
from ..release.store import STORE
from ..release.taken_down import LARGEST as LARGEST_LIST
from .accepting import Answer, Node, accept, is_list, state, take_out, tidy
from .found import asked_since, found
from .word import Unclear, read_word

#: How the centre's rsync speaks with the one here (``transport.send``). Its letters say what both can, and no more.
_LETTERS = re.compile(r"-[Rv]*e[0-9]*\.[A-Za-z]*", re.ASCII)
_WORDS = frozenset({"--partial-dir", ".partial", "--ignore-existing", "--no-implied-dirs", "--timeout=60"})


def main() -> int:
    """Do what was asked for; 2 for what is never done."""
    node, verifier = _node()
    asked = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    if asked.startswith("rsync "):
        _receive(node, asked)
        return 2
    if asked == "stay":
        return _stay(node, sys.stdin.buffer, sys.stdout)
    since = asked_since(asked)
    answer = _answer(node, asked) if since is None else found(verifier, since)
    if answer is None:
        sys.stderr.write("this key pushes releases and does nothing else\n")
        return 2
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _node() -> tuple[Node, Path | None]:
    parser = argparse.ArgumentParser(description="Take in releases that the centre pushes; a forced command of SSH.")
    parser.add_argument("--root", type=Path, required=True, help="the files that citizens get")
    parser.add_argument("--own", type=Path, required=True, help="what was accepted; outside of the root")
    parser.add_argument("--key", type=Path, required=True, help="public keys of the publisher, PEM")
    parser.add_argument("--verifier", type=Path, help="folder of the verifier here, whose findings the centre asks for")
    options = parser.parse_args()
    try:
        key = read_public_keys(options.key.read_bytes())
    except Faulty as error:
        parser.error(f"{options.key}: {error}")
    os.umask(0o022)
    node = Node(options.root, options.own, key)
    node.prepare()
    return node, options.verifier


def _answer(node: Node, asked: str) -> Answer | None:
    if asked == "state":
        return state(node)
    if asked in ("offer", "urgent"):
        return _take(node, sys.stdin.buffer.read(LARGEST_LIST + 1), urgent=asked == "urgent")
    if asked == "tidy":
        return tidy(node)
    return None


def _take(node: Node, envelope: bytes, *, urgent: bool, brought: Sequence[bytes] = ()) -> Answer:
    """A release, or the list of what came down on all hosts."""
    if is_list(envelope):
        return take_out(node, envelope)
    return accept(node, envelope, urgent=urgent, brought=brought)


def _stay(node: Node, coming: IO[bytes], going: IO[str]) -> int:
    """Take withdrawals one after the other, each with what proves it, until the centre lets go."""
    try:
        while (word := read_word(coming)) is not None:
            try:
                answer = _take(node, word.envelope, urgent=True, brought=word.brought)
            except OSError as error:
                answer = {"refused": "failed", "errno": error.errno}
            going.write(json.dumps(answer) + "\n")
            going.flush()
    except Unclear as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _receive(node: Node, asked: str) -> None:
    """Become the rsync that writes into the store, and nowhere else; come back where something else is asked for."""
    try:
        words = shlex.split(asked)
    except ValueError:
        words = []
    letters = [word for word in words[2:-2] if _LETTERS.fullmatch(word)]
    options = [word for word in words[2:-2] if word not in letters]
    if (
        words[:2] != ["rsync", "--server"]
        or len(letters) != 1
        or words[-2:] != [".", "store/"]
        or set(options) - _WORDS
    ):
        sys.stderr.write("rsync is asked for something that the centre never asks for\n")
        return
    os.chdir(node.root / STORE)
    os.execvp("rsync", [*words[:-2], ".", "./"])


if __name__ == "__main__":
    sys.exit(main())
