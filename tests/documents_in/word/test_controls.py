"""Content controls: what a form shows is read, its prompts are not."""

from pathlib import Path

import pytest

from sites.documents_in.extraction.word.controls import find_text
from tests.documents_in.fictional import warned
from tests.documents_in.word.writing import RELATION, lines, p, read, relations, text

pytestmark = pytest.mark.unit

STORE = "{11111111-2222-3333-4444-555555555555}"
DATA = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


def control(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def line(tmp_path: Path, content: str, **parts: object) -> str:
    found = lines(tmp_path, p(text("填写：") + content), **parts)
    assert len(found) == 1
    return found[0]


def with_data(xml: str) -> dict[str, object]:
    """The parts of a document that some controls are bound to."""
    props = f'<?xml version="1.0"?><ds:datastoreItem xmlns:ds="{DATA}" ds:itemID="{STORE}"/>'
    return {
        "parts": {
            "customXml/item1.xml": xml,
            "customXml/itemProps1.xml": props,
            "customXml/_rels/item1.xml.rels": relations([("rId1", "customXmlProps", "itemProps1.xml")]),
        },
        "related": [("rId9", f"{RELATION}/customXml", "../customXml/item1.xml")],
    }


@pytest.mark.parametrize(
    ("checked", "shown"), [('<w14:checked w14:val="1"/>', "☑"), ('<w14:checked w14:val="0"/>', "☐"), ("", "☐")]
)
def test_a_box_to_tick(tmp_path: Path, checked: str, shown: str) -> None:
    box = control(f"<w14:checkbox>{checked}</w14:checkbox>", text("X"))
    assert line(tmp_path, box + text("同意。")) == f"填写：{shown}同意。"


def test_a_choice_shows_what_was_chosen(tmp_path: Path) -> None:
    choices = '<w:dropDownList><w:listItem w:displayText="二十日" w:value="20"/></w:dropDownList>'
    assert line(tmp_path, control(choices, text("二十日"))) == "填写：二十日"


def test_prompts_are_left_out_and_counted(tmp_path: Path) -> None:
    body = p(text("单位：") + control("<w:showingPlcHdr/><w:text/>", text("单击此处输入文字。"))) + control(
        "<w:showingPlcHdr/>", p("单击此处输入一段文字。")
    )
    assert lines(tmp_path, body) == ["单位："]
    assert warned(read(tmp_path, body), "2 处未填写的表单提示文字")


def test_a_control_that_no_longer_shows_its_prompt(tmp_path: Path) -> None:
    assert line(tmp_path, control('<w:showingPlcHdr w:val="0"/>', text("水务站。"))) == "填写：水务站。"


def test_bound_data_counts_before_the_text_saved_last(tmp_path: Path) -> None:
    binding = (
        f'<w:dataBinding w:prefixMappings="xmlns:a=\'urn:f\'" w:xpath="/a:form[1]/a:name[1]" w:storeItemID="{STORE}"/>'
    )
    content = control(f"{binding}<w:text/>", text("旧名"))
    assert line(tmp_path, content, **with_data('<form xmlns="urn:f"><name>新名</name></form>')) == "填写：新名"


def test_bound_data_shows_where_the_prompt_was_saved(tmp_path: Path) -> None:
    binding = f'<w:dataBinding w:xpath="/form/name" w:storeItemID="{STORE}"/>'
    content = control(f"{binding}<w:showingPlcHdr/><w:text/>", text("单击此处输入文字。"))
    assert line(tmp_path, content, **with_data("<form><name>水务站</name></form>")) == "填写：水务站"


def test_bound_data_of_a_choice_is_shown_by_its_words(tmp_path: Path) -> None:
    binding = f'<w:dataBinding w:xpath="/form/days" w:storeItemID="{STORE}"/>'
    choices = '<w:dropDownList><w:listItem w:displayText="二十个工作日" w:value="20"/></w:dropDownList>'
    content = control(binding + choices, text("旧"))
    assert line(tmp_path, content, **with_data("<form><days>20</days></form>")) == "填写：二十个工作日"


def test_a_binding_to_nothing_leaves_the_text(tmp_path: Path) -> None:
    binding = f'<w:dataBinding w:xpath="/form/other" w:storeItemID="{STORE}"/>'
    content = control(f"{binding}<w:text/>", text("旧名"))
    assert line(tmp_path, content, **with_data("<form><name>新名</name></form>")) == "填写：旧名"


def test_a_binding_to_the_properties_of_the_file(tmp_path: Path) -> None:
    declared = 'xmlns:c="urn:c" xmlns:d="urn:d"'
    core = f'<?xml version="1.0"?><c:coreProperties {declared}><d:title>管护意见</d:title></c:coreProperties>'
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    root = relations([("rId1", "officeDocument", "word/document.xml"), ("rId2", kind, "docProps/core.xml")])
    mappings = declared.replace('"', "'")
    binding = (
        f'<w:dataBinding w:prefixMappings="{mappings}" w:xpath="/c:coreProperties[1]/d:title[1]" '
        'w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/>'
    )
    parts = {"docProps/core.xml": core, "_rels/.rels": root}
    assert line(tmp_path, control(f"{binding}<w:text/>", text("旧题")), parts=parts) == "填写：管护意见"


def test_only_rows_of_names_are_paths() -> None:
    from lxml import etree

    root = etree.fromstring('<form n="7"><name>甲</name><name>乙</name><deep><x/></deep></form>')
    assert find_text(root, "/form/name[2]", {}) == "乙"
    assert find_text(root, "/form/@n", {}) == "7"
    assert find_text(root, "/form/name[1]/text()", {}) == "甲"
    for path in ("//x", "/form/*", "/form/name[last()]", "count(//*)", "/q:form", "/other/name", "/form/deep", ""):
        assert find_text(root, path, {}) == ""


def test_controls_around_paragraphs_rows_and_cells(tmp_path: Path) -> None:
    cell = f"<w:tc>{p('甲')}</w:tc>" + control("", f"<w:tc>{p('乙')}</w:tc>")
    row = control("", f"<w:tr>{cell}</w:tr>") + f"<w:tr><w:tc>{p('丙')}</w:tc><w:tc>{p('丁')}</w:tc></w:tr>"
    body = control("<w:group/>", p("第一段。") + control("", p("第二段。"))) + f"<w:tbl>{row}</w:tbl>"
    assert lines(tmp_path, body) == ["第一段。", "第二段。", "甲|乙", "丙|丁"]
