import random

import pytest

from tests.bench.scanning.corpus import bank_card, with_luhn
from tests.confidentiality.rules.scanned import found, values

pytestmark = pytest.mark.unit

CARD = with_luhn("622202021234567890")


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        f"卡号：{CARD}。",
        f"账号 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}",
        f"{CARD[:6]} {CARD[6:]}",
        f"{CARD[:4]}-{CARD[4:8]}-{CARD[8:12]}-{CARD[12:16]}-{CARD[16:]}",
        "信用卡" + with_luhn("518710123456789"),
    ],
)
def test_a_card_is_found(text: str) -> None:
    findings = found("bank-card", text)
    assert [finding.severity for finding in findings] == ["block"]
    assert CARD[6:14] not in findings[0].excerpt


@pytest.mark.parametrize(
    "text",
    [
        CARD[:-1] + str((int(CARD[-1]) + 1) % 10),
        f"订单号：{CARD}",
        "6222222222222222222",
        "91150105MA0N12345X",
        "2024031512345678",
        with_luhn("722202021234567890"),
        f"A{CARD}",
        f"{CARD}1234",
        "1234 5678 9012 3456",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert found("bank-card", text) == []


def test_a_row_of_cards_is_a_finding_each() -> None:
    pick = random.Random(2)
    cards = [bank_card(pick) for _ in range(20)]
    assert values("bank-card", "\t".join(cards)) == cards
