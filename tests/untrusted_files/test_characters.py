"""What is drawn like an ideograph reads as one; nothing else changes."""

import unicodedata

import pytest

from govplatform.confidentiality.scanning.engine import scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.settings import ScanSettings
from govplatform.untrusted_files.characters import fold_characters

pytestmark = pytest.mark.unit

BLOCKS = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
#: Ideographs of their own that stand among the compatibility ones.
UNIFIED = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("⼈⺠政府", "人民政府"),
        ("⻓江⻔户", "长江门户"),
        ("⻬⻩⻰⻳", "齐黄龙龟"),
        ("\uf9ff\uf900", "刺豈"),
        ("\U0002f800\U0002fa1d", "丽𪘀"),
        ("机⼆密", "机二密"),
    ],
)
def test_radicals_and_compatibility_ideographs_become_what_they_are_drawn_like(written, read):
    assert fold_characters(written) == read


def test_every_assigned_character_of_the_three_blocks_folds_but_the_ideographs_of_their_own():
    left = [
        chr(code)
        for first, last in BLOCKS
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) != "Cn" and fold_characters(chr(code)) == chr(code)
    ]
    # U+2E80 is a stroke that is repeated, drawn like no ideograph.
    assert "".join(left) == "\u2e80" + UNIFIED


def test_one_character_for_one_and_an_ideograph_at_the_end():
    for first, last in BLOCKS:
        for code in range(first, last + 1):
            folded = fold_characters(chr(code))
            assert len(folded) == 1
            if folded != chr(code):
                assert unicodedata.name(folded).startswith("CJK UNIFIED")
                assert fold_characters(folded) == folded


@pytest.mark.parametrize("text", ["", "plain", "人民政府", "ＡＢＣ①㈠ﬁ２０２４", "\U0001f600é", "々〇㐀"])
def test_everything_else_stays(text):
    assert fold_characters(text) == text


def test_a_mark_written_with_radicals_is_found_at_its_place():
    (finding,) = scan_document([Piece("附件：机密★⼗年", "body")], ScanSettings()).findings[:1]
    assert finding.rule == "secrecy-mark"
    plain = scan_document([Piece("联系⼈：110105194912310097", "body")], ScanSettings()).findings
    assert [(found.rule, found.offset) for found in plain] == [("id-card", 4)]
