"""Word documents written part by part, as far as a test needs them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from sites.documents_in.extraction import ExtractedDocument
from tests.documents_in.fictional import extract, outline

TRANSITIONAL = "http://schemas.openxmlformats.org"
NAMESPACES = {
    "w": f"{TRANSITIONAL}/wordprocessingml/2006/main",
    "r": f"{TRANSITIONAL}/officeDocument/2006/relationships",
    "m": f"{TRANSITIONAL}/officeDocument/2006/math",
    "mc": f"{TRANSITIONAL}/markup-compatibility/2006",
    "a": f"{TRANSITIONAL}/drawingml/2006/main",
    "wp": f"{TRANSITIONAL}/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "v": "urn:schemas-microsoft-com:vml",
}
DECLARED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
RELATION = f"{TRANSITIONAL}/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# A text that no rule of recognition takes for a title, a heading or a signature.
BEFORE = "下列事项请各单位一并落实。"


def root(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {DECLARED}>{content}</w:{name}>'


def text(words: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def p(content: str = "", properties: str = "") -> str:
    """A paragraph; content: runs, or plain words."""
    runs = content if content.startswith("<") or not content else text(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def numbered(words: str, number: int = 1, level: int = 0, properties: str = "") -> str:
    reference = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(words, f"{properties}{reference}")


def level(index: int, form: str, words: str, more: str = "", start: int = 1) -> str:
    """A level of a list; more: further elements, such as w:lvlRestart."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{words}"/></w:lvl>'
    )


def abstract(identity: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{identity}">{more}{"".join(levels)}</w:abstractNum>'


def num(identity: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def override(index: int, content: str) -> str:
    return f'<w:lvlOverride w:ilvl="{index}">{content}</w:lvlOverride>'


def style(identity: str, name: str = "", content: str = "", kind: str = "paragraph", based_on: str = "") -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    typed = f' w:type="{kind}"' if kind else ""
    return f'<w:style{typed} w:styleId="{identity}"><w:name w:val="{name or identity}"/>{based}{content}</w:style>'


def field(instruction: str, result: str = "", form: str = "") -> str:
    """A complex field; result: runs, "" for a field without a result."""
    separated = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'{separated}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(content: str, *, fallback: bool = True) -> str:
    """A run with a text box, as Word writes it: a choice for new programs, a fallback with the same for old ones."""
    boxed = f"<v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox>"
    old = f"<mc:Fallback><w:pict><v:shape>{boxed}</v:shape></w:pict></mc:Fallback>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="5" name="x"/>'
        f"<a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp>"
        f"</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>{old if fallback else ''}"
        "</mc:AlternateContent></w:r>"
    )


def relations(entries: list[tuple[str, str, str]]) -> str:
    """A part of relationships; entries: (id, kind or whole type, target)."""
    rows = "".join(
        f'<Relationship Id="{identity}" Type="{kind if "/" in kind else f"{RELATION}/{kind}"}" Target="{target}"/>'
        for identity, kind, target in entries
    )
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{TRANSITIONAL}/package/2006/relationships">{rows}</Relationships>'
    )


def write(
    path: Path,
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    related: list[tuple[str, str, str]] | None = None,
    main: str = "word/document.xml",
    main_type: str = f"{TYPES}.document.main+xml",
    types: str = "",
) -> Path:
    """Write a package. parts: further ones, or others in place of these, by name; related: of the document's part."""
    folder, _, name = main.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    entries = [("rId1", "numbering", "numbering.xml"), ("rId2", "styles", "styles.xml"), *(related or [])]
    package: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<?xml version="1.0"?><Types xmlns="{TRANSITIONAL}/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{main}" ContentType="{main_type}"/>{types}</Types>'
        ),
        "_rels/.rels": relations([("rId1", "officeDocument", main)]),
        main: root("document", f"<w:body>{body}</w:body>"),
        f"{prefix}_rels/{name}.rels": relations(entries),
        f"{prefix}numbering.xml": root("numbering", numbering),
        f"{prefix}styles.xml": root("styles", styles),
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in package.items():
            archive.writestr(part, content)
    return path


def read(tmp_path: Path, body: str, **parts: object) -> ExtractedDocument:
    """Write a document with a first line of its own and extract it."""
    return extract(write(tmp_path / "a.docx", p(BEFORE) + body, **parts))  # type: ignore[arg-type]


def lines(tmp_path: Path, body: str, **parts: object) -> list[str]:
    """The lines of a document behind its first."""
    found = outline(read(tmp_path, body, **parts))
    assert found[0] == BEFORE
    return found[1:]
