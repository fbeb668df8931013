"""The outside of a dump by itself: every length comes back, and no piece can be changed, exchanged or left out."""

import io
import os

import pytest

from govplatform.lifecycle.dumping.faults import DumpBroken
from govplatform.lifecycle.dumping.opening import opened, verify_dump
from govplatform.lifecycle.dumping.sealing import KEY_BYTES, PIECE, Unsealed, fingerprint, seal
from govplatform.refusals import Refused

pytestmark = pytest.mark.unit

KEY = bytes(range(KEY_BYTES))
LENGTHS = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7)
KEYS = pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])


def sealed(data, key):
    # In pieces that have nothing to do with those of the file.
    return b"".join(seal((data[at : at + 70_001] for at in range(0, len(data), 70_001)), key))


def unsealed(data, key):
    def find(wanted):
        assert wanted == fingerprint(KEY)
        return key

    return io.BufferedReader(Unsealed(io.BytesIO(data), find)).read()


@KEYS
@pytest.mark.parametrize("length", LENGTHS)
def test_what_goes_in_comes_out(key, length):
    data = os.urandom(length)
    assert unsealed(sealed(data, key), key) == data


def pieces_of(data, key):
    """(head, pieces as they stand in the file)."""
    head = data.index(b"\n", data.index(b"\n") + 1) + 1
    size = PIECE + (32 if key is None else 16)
    return data[:head], [data[at : at + size] for at in range(head, len(data), size)]


@KEYS
def test_pieces_cannot_be_exchanged_left_out_or_added(key):
    head, pieces = pieces_of(sealed(os.urandom(3 * PIECE), key), key)
    assert len(pieces) == 3
    first, second, last = pieces
    for wrong in (
        [first, last], [first, second], [first], [], [second, first, last], [first, second, second, last],
        [first, second, last, last], [first, second, last, b"x"], [first, second, last[:-1]], [last],
    ):  # fmt: skip
        with pytest.raises(DumpBroken):
            unsealed(head + b"".join(wrong), key)


@KEYS
def test_pieces_of_another_file_do_not_fit(key):
    head, pieces = pieces_of(sealed(b"a" * 10, key), key)
    other_head, other = pieces_of(sealed(b"b" * 10, key), key)
    if key is not None:
        with pytest.raises(DumpBroken):
            unsealed(head + other[0], key)
    with pytest.raises(DumpBroken):
        unsealed(other_head + pieces[0][:-1] + bytes([pieces[0][-1] ^ 1]), key)


def test_the_place_is_the_offset_in_the_file():
    data = bytearray(sealed(os.urandom(2 * PIECE), KEY))
    data[PIECE + 5_000] ^= 1
    with pytest.raises(DumpBroken) as broken:
        unsealed(bytes(data), KEY)
    first, last = (int(word) for word in broken.value.place.split() if word.isdecimal())
    assert first <= PIECE + 5_000 < last


def test_another_key_opens_nothing():
    with pytest.raises(DumpBroken):
        unsealed(sealed(b"a", KEY), bytes(KEY_BYTES))


def test_a_later_format_is_said():
    data = sealed(b"a", None).replace(b'"form":1', b'"form":2')
    with pytest.raises(Refused, match="先升级平台"):
        unsealed(data, None)


def test_a_pipe_in_the_place_of_a_dump_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "site.sitedump")
    for read in (verify_dump, lambda path: opened(path).__enter__()):
        with pytest.raises(Refused, match="不是文件"):
            read(tmp_path / "site.sitedump")
