import random

import pytest

from govplatform.confidentiality.scanning.engine import column_aggregation, scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.settings import ScanSettings
from tests.bench.scanning.corpus import identity_number
from tests.confidentiality.rules.scanned import found

pytestmark = pytest.mark.unit

PICK = random.Random(9)
ROWS = [f"{name}\t{identity_number(PICK)}\t138{PICK.randrange(10**8):08d}" for name in ("张三", "李四", "王小五")]
TABLE = "姓名\t身份证号\t联系电话\n" + "\n".join(ROWS)


def test_a_table_of_persons_is_one_finding() -> None:
    findings = found("aggregation", TABLE, table="名单")
    assert [finding.severity for finding in findings] == ["block"]
    assert "3 人" in findings[0].message and "身份证件号码" in findings[0].message
    assert findings[0].offset == TABLE.index("张三")
    assert "张三" not in findings[0].excerpt


@pytest.mark.parametrize(
    ("head", "number"),
    [("护照号", "E1234567"), ("军官证号", "军字第1234567号"), ("台胞证", "0123456"), ("警官证编号", "012345")],
)
def test_a_column_of_any_paper_makes_persons_of_its_rows(head: str, number: str) -> None:
    rows = [f"{name}\t{number}{at}" for at, name in enumerate(("张三", "李四", "王小五"))]
    (finding,) = found("aggregation", f"姓名\t{head}\n" + "\n".join(rows), table="名单")
    assert finding.severity == "block" and "护照等证件号码" in finding.message


def test_a_table_in_several_pieces_is_one_finding() -> None:
    pieces = [Piece(row, "sheet 名单", table="名单", header=("姓名", "身份证号", "联系电话")) for row in ROWS]
    findings = [f for f in scan_document(pieces, ScanSettings()).findings if f.rule == "aggregation"]
    assert len(findings) == 1 and "3 人" in findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t职务\t单位\n张三\t科长\t某局\n李四\t处长\t某厅\n王五\t主任\t某办",
        "姓名\t身份证号\n张三\t110101********7758\n李四\t110101********7759\n王五\t110101********7750",
        "组长：张三　副组长：李四　成员：王五、赵六、孙七",
        "公司\t电话\n甲\t13812345678",
    ],
)
def test_lists_of_names_and_masked_values_are_none(text: str) -> None:
    assert found("aggregation", text) == []


def test_the_words_of_a_table_are_no_persons_and_rare_names_are() -> None:
    head = "姓名\t身份证号\t联系电话\n"
    rows = [f"{name}\t{identity_number(PICK)}\t13812345678" for name in ("合计", "小计", "备注", "负责人")]
    assert "4 人" not in "".join(finding.message for finding in found("aggregation", head + "\n".join(rows)))
    people = [f"{name}\t{identity_number(PICK)}\t138{PICK.randrange(10**8):08d}" for name in ("李元", "王月", "张和")]
    (finding,) = found("aggregation", head + "\n".join(people), table="名单")
    assert "3 人" in finding.message


def test_a_name_joined_with_two_attributes() -> None:
    text = f"受助人张三（身份证号{identity_number(PICK)}，手机13812345678）。"
    assert [finding.severity for finding in found("aggregation", text)] == ["block"]
    assert found("aggregation", "联系人：张三，手机13812345678。") == []


def test_the_vita_of_an_official_is_for_the_reviewer_to_judge() -> None:
    text = "张三，男，汉族，1970年1月生，大学学历，中共党员。"
    assert [finding.severity for finding in found("aggregation", text)] == ["warn"]


def test_numbers_of_several_persons_in_one_text_or_over_the_file() -> None:
    numbers = [identity_number(PICK) for _ in range(3)]
    assert len(found("aggregation", "、".join(numbers))) == 1
    assert found("aggregation", "、".join(numbers[:2])) == []
    pieces = [Piece(number, f"page {page}") for page, number in enumerate(numbers, 1)]
    assert "aggregation" in {finding.rule for finding in scan_document(pieces, ScanSettings()).findings}


def test_the_thresholds_are_those_of_the_settings() -> None:
    assert found("aggregation", TABLE, ScanSettings(aggregation_persons=4, aggregation_attributes=3), table="t") == []


def test_persons_are_hashes_with_the_letters_of_what_is_said() -> None:
    settings = ScanSettings(hash_key="secret")
    persons = scan_document([Piece(TABLE, "body", table="t")], settings).persons
    assert len(persons) == 3 and all(person.endswith(":im") for person in persons)
    assert persons != scan_document([Piece(TABLE, "body", table="t")], ScanSettings(hash_key="other")).persons


def test_a_column_gives_away_together_what_no_item_does_alone() -> None:
    settings = ScanSettings()
    items = [["aa:m"], ["bb:m"], ["aa:a"]]
    findings = column_aggregation(items, settings)
    assert [finding.rule for finding in findings] == ["aggregation"]
    assert "手机号码" in findings[0].message and "住址" in findings[0].message
    assert column_aggregation([["aa:m"], ["bb:a"]], settings) == []
    assert column_aggregation([[], ["aa:m"], ["aa:a"]], settings) == []


def test_many_persons_over_the_items_of_a_column() -> None:
    items = [[f"{number:02d}:m"] for number in range(10)]
    assert len(column_aggregation(items, ScanSettings())) == 1
    assert column_aggregation(items[:9], ScanSettings()) == []
