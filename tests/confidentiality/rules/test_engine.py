import random

import pytest

from govplatform.confidentiality.scanning.engine import MOST_PER_RULE, scan_document, scan_pieces
from govplatform.confidentiality.scanning.findings import Finding
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.rules import FACT_RULES, RULE_IDS, TEXT_RULES
from govplatform.confidentiality.scanning.settings import ScanSettings
from tests.bench.scanning.corpus import documents, identity_number
from tests.bench.scanning.figures import quality

pytestmark = pytest.mark.unit

NUMBER = identity_number(random.Random(1))


def test_the_rules_of_the_issue_are_all_there_and_explained() -> None:
    names = (
        "secrecy-mark, internal-mark, copy-number, id-card, id-card-15, mobile, landline, bank-card, passport, plate,"
        " email, address, aggregation, dictionary, metadata, map-number, external-link, gps, hidden-content, unreadable"
    )
    assert set(names.split(", ")) == RULE_IDS
    assert all(rule.source and rule.message for rule in TEXT_RULES)
    assert all(rule.source for rule in FACT_RULES)


def test_the_place_is_that_of_the_piece() -> None:
    piece = Piece(f"甲\t{NUMBER}", "sheet 名单", locate=lambda offset: ("sheet 名单!B1", offset - 2))
    finding = scan_pieces([piece], ScanSettings())[0]
    assert (finding.where, finding.offset, finding.length) == ("sheet 名单!B1", 0, 18)


def test_the_key_is_equal_for_one_value_in_one_kind_of_place() -> None:
    keys = [scan_pieces([Piece(NUMBER, where)], ScanSettings())[0].key for where in ("page 3", "page 12", "body")]
    assert keys[0] == keys[1] != keys[2]
    assert scan_pieces([Piece(NUMBER, "page 3")], ScanSettings(hash_key="x"))[0].key != keys[0]


def test_a_reader_s_findings_pass_through() -> None:
    met = Finding("unreadable", "block", "body", 0, 0, "")
    assert scan_pieces([met, Piece("一", "body")], ScanSettings()) == [met]


def test_a_long_list_is_cut_and_says_so() -> None:
    pick = random.Random(3)
    text = "\n".join(f"甲{identity_number(pick)}乙" for _ in range(2000))
    findings = [f for f in scan_pieces([Piece(text, "body")], ScanSettings()) if f.rule == "id-card"]
    assert len(findings) == MOST_PER_RULE
    assert "另有 1950 处" in findings[-1].message


def test_the_rule_pack_s_severity_counts_and_allowed_values_do_not() -> None:
    settings = ScanSettings(severities={"mobile": "block"})
    assert scan_pieces([Piece("13812345678", "body")], settings)[0].severity == "block"
    assert scan_pieces([Piece(NUMBER, "body")], ScanSettings(allowed=frozenset([NUMBER]))) == []


def test_no_excerpt_shows_a_number_or_is_too_long() -> None:
    for document in documents(200, seed=99):
        numbers = [value for rule, _offset, value in document.planted if rule != "secrecy-mark"]
        for finding in scan_document([document.piece], ScanSettings()).findings:
            digits = "".join(c for c in finding.excerpt if c.isdigit())
            assert not any(value[:17] in digits for value in numbers)
            assert len(finding.excerpt) <= 300


def test_the_corpus_is_found_out() -> None:
    figures, faults = quality(500)
    assert figures["id-card"].recall == figures["secrecy-mark"].recall == 1, faults
    assert figures["id-card"].precision_of_blocks > 0.99 and figures["bank-card"].precision > 0.99, faults
