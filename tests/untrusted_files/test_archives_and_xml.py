"""Archives and XML from strangers end with a fault, never with memory."""

import io
import struct
import zipfile

import pytest

from govplatform.untrusted_files.faults import FileFault
from govplatform.untrusted_files.xml_limits import limited_elements, limited_events
from govplatform.untrusted_files.zip_limits import (
    Total,
    ZipLimits,
    check_directory,
    check_names,
    open_member,
    open_zip,
)

pytestmark = pytest.mark.unit
LIMITS = ZipLimits(members=3, total_bytes=4000, member_bytes=3000, ratio=20, ratio_from_bytes=1000)


def packed(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out


def fault_of(act) -> str:
    with pytest.raises(FileFault) as caught:
        act()
    return caught.value.kind


def test_an_honest_archive_is_read():
    with open_zip(packed({"a": b"one", "b/c": b"two"})) as archive:
        check_directory(archive.infolist(), LIMITS)
        check_names(archive.infolist())
        spend = Total(6)
        assert [open_member(archive, info, LIMITS, spend).read_all() for info in archive.infolist()] == [b"one", b"two"]


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({str(n): b"" for n in range(4)}, "too many"),
        ({"a": b"0123456789abcdef" * 250}, "bomb"),
        ({"a": bytes(range(256)) * 10, "b": bytes(range(256)) * 10}, "bomb"),
        ({"a": b"0" * 2000}, "bomb"),
    ],
    ids=["entries", "one entry", "all together", "ratio"],
)
def test_a_directory_beyond_the_limits(members, kind):
    with open_zip(packed(members)) as archive:
        assert fault_of(lambda: check_directory(archive.infolist(), LIMITS)) == kind


def test_a_directory_that_lies_is_counted_while_it_is_read():
    data = bytearray(packed({"a": b"0" * 200_000}).getvalue())
    # what the directory says of the entry's size
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 900)
    with open_zip(io.BytesIO(bytes(data))) as archive:
        check_directory(archive.infolist(), LIMITS)
        member = archive.infolist()[0]
        member.file_size = 200_000
        wide = ZipLimits(members=3, total_bytes=10**9, member_bytes=3000, ratio=10**9, ratio_from_bytes=10**9)
        assert fault_of(lambda: open_member(archive, member, wide, Total(10**9)).read_all()) == "bomb"


def test_all_entries_together_are_counted():
    with open_zip(packed({"a": b"x" * 600, "b": b"y" * 600})) as archive:
        spend = Total(1000)
        open_member(archive, archive.getinfo("a"), LIMITS, spend).read_all()
        assert fault_of(lambda: open_member(archive, archive.getinfo("b"), LIMITS, spend).read_all()) == "bomb"


def test_a_password_damage_and_no_archive_at_all():
    data = bytearray(packed({"a": b"x" * 600}).getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with open_zip(io.BytesIO(bytes(data))) as archive:
        assert fault_of(lambda: check_directory(archive.infolist(), LIMITS)) == "encrypted"
    torn = bytearray(packed({"a": bytes(range(256)) * 4}).getvalue())
    torn[40:80] = b"\xff" * 40
    with open_zip(io.BytesIO(bytes(torn))) as archive:
        member = archive.getinfo("a")
        assert fault_of(lambda: open_member(archive, member, LIMITS, Total(10**6)).read_all()) == "broken"
    assert fault_of(lambda: open_zip(io.BytesIO(b"PK\x03\x04 nothing"))) == "broken"


@pytest.mark.parametrize("names", [("a.xml", "A.XML"), ("/a.xml",), ("x/../../a.xml",), ("x\\..\\..\\a.xml",)])
def test_a_part_that_stands_twice_or_outside_is_damage(names):
    infos = [zipfile.ZipInfo(name) for name in names]
    assert fault_of(lambda: check_names(infos)) == "broken"


def test_an_office_file_with_a_part_twice_is_not_read(tmp_path):
    import docx

    from govplatform.confidentiality.scanning.readers.reading import read_file
    from sites.documents_in.extraction import ExtractionRefused
    from sites.documents_in.extraction.extract import extract_document

    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("看得见的第一份正文，足够长，足够像一份文件。")
    document.save(str(path))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("word/document.xml", archive.read("word/document.xml"))
    findings = [item for item in read_file(path, "a.docx") if hasattr(item, "severity")]
    assert any(item.rule == "unreadable" and item.severity == "block" and "损坏" in item.message for item in findings)
    with pytest.raises(ExtractionRefused, match="损坏"):
        extract_document(path, filename="a.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_entities_are_refused_in_every_encoding(encoding):
    text = '<!DOCTYPE x [<!ENTITY e "ha">]><x>&e;</x>'
    assert fault_of(lambda: list(limited_events(io.BytesIO(text.encode(encoding))))) == "entities"


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "cp037"])
def test_what_the_parser_would_find_out_by_itself_is_no_xml_of_an_office_file(encoding):
    """In these the declarations look otherwise, so the look for them finds nothing."""
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "boo">]><x y="&e;"/>'
    assert fault_of(lambda: list(limited_events(io.BytesIO(text.encode(encoding))))) == "broken"


@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf", b"\n  "])
def test_honest_xml_may_begin_with_a_mark_or_with_white_space(beginning):
    assert [element.tag for _event, element in limited_events(io.BytesIO(beginning + b"<a><b/></a>"))] == ["b", "a"]


def test_a_document_type_far_behind_is_refused_too():
    late = b"<x>" + b" " * 200_000 + b"<!DOCTYPE x></x>"
    assert fault_of(lambda: list(limited_events(io.BytesIO(late)))) == "entities"


def test_an_encoding_that_could_hide_a_document_type_is_refused():
    text = b'<?xml version="1.0" encoding="utf-7"?><x/>'
    assert fault_of(lambda: list(limited_events(io.BytesIO(text)))) == "broken"


def test_depth_is_bounded():
    deep = b"<x>" * 30 + b"</x>" * 30
    assert len(list(limited_elements(io.BytesIO(deep), 30))) == 30
    assert fault_of(lambda: list(limited_elements(io.BytesIO(deep), 29))) == "too deep"
    assert fault_of(lambda: list(limited_elements(io.BytesIO(b"<x>" * 100_000), 200))) == "too deep"
    assert fault_of(lambda: list(limited_elements(io.BytesIO(b"<x><y></x>"), 200))) == "broken"
