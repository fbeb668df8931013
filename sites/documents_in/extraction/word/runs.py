"""The reading of what stands inside a paragraph: runs, and the elements that hold runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sites.documents_in.extraction.word.controls import contents_of, has_text
from sites.documents_in.extraction.word.drawings import choose, drawn
from sites.documents_in.extraction.word.equations import equation
from sites.documents_in.extraction.word.fields import (
    CONTENTS,
    SELF_NUMBERING,
    Fields,
    address_of,
    by_instruction,
    kind_of,
    shows_result,
)
from sites.documents_in.extraction.word.names import attribute, child, descendants, name_of, text_in, value
from sites.documents_in.extraction.word.source import Source
from sites.documents_in.extraction.word.spans import Span
from sites.documents_in.extraction.word.styles import Style
from sites.documents_in.extraction.word.symbols import is_symbol_font, symbol, symbols

_MARKS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_PRIVATE = range(0xE000, 0xF900)
#: Elements that hold no text of their own.
_WITHOUT_TEXT = frozenset({"w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr"})


@dataclass
class Line:
    """A paragraph while its inside is read. boxes: contents of text boxes, or drawn words, in their order.

    unshown: results of fields that are not printed; met_contents: a table of contents begins or ends in it.
    """

    source: Source
    fields: Fields
    styles: list[Style]
    spans: list[Span] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    unshown: list[str] = field(default_factory=list)
    met_contents: bool = False


@dataclass(frozen=True)
class _Look:
    """How a run looks. hidden: "", or why its text is left out: "hidden" or "struck"."""

    hidden: str = ""
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    position: str = ""
    font: str = ""


def read_inline(nodes: Iterable[Any], line: Line, link: str = "") -> None:
    """Read runs and what holds runs into the line. link: where a link around them leads."""
    for node in nodes:
        name = name_of(node)
        if name == "w:r":
            _read_run(node, line, link)
        elif name == "w:hyperlink":
            read_inline(node, line, line.source.address(attribute(node, "r:id")) or link)
        elif name == "w:fldSimple":
            _read_simple_field(node, line, link)
        elif name == "w:sdt":
            _read_control(node, line, link)
        elif name in ("w:del", "w:moveFrom"):
            _count_removed(node, line, name)
        elif name == "w:ins":
            line.source.left_out.add("inserted")
            read_inline(node, line, link)
        elif name in ("m:oMath", "m:oMathPara"):
            _read_equation(node, line)
        elif name == "mc:AlternateContent":
            read_inline(choose(node), line, link)
        elif name == "w:subDoc":
            line.source.left_out.add("chunk", "subDoc")
        elif name not in _WITHOUT_TEXT and len(node):
            read_inline(node, line, link)


def _count_removed(node: Any, line: Line, name: str) -> None:
    text = "".join(piece.text or "" for kind in ("w:t", "w:delText") for piece in descendants(node, kind))
    if text.strip():
        line.source.left_out.add("deleted" if name == "w:del" else "moved", text)


def _read_simple_field(node: Any, line: Line, link: str) -> None:
    instruction = attribute(node, "w:instr")
    kind = kind_of(instruction)
    if kind in CONTENTS:
        line.met_contents = True
    if shows_result(kind):
        before = len(line.spans)
        read_inline(node, line, address_of(instruction) if kind == "HYPERLINK" else link)
        if kind in SELF_NUMBERING and len(line.spans) == before:
            line.source.left_out.add("uncounted", kind)
    else:
        made = by_instruction(instruction, None)
        line.source.left_out.shows_instead(text_in(node), made)
        _add(line, made, _Look(), link)


def _read_control(node: Any, line: Line, link: str) -> None:
    controls = line.source.controls
    properties = child(node, "w:sdtPr")
    text = controls.text(properties)
    if text is not None:
        line.source.left_out.shows_instead(text_in(node), text)
        run = next(descendants(node, "w:r"), None)
        _add(line, text, _look(child(run, "w:rPr"), line, with_style=False), link)
    elif controls.is_prompt(properties):
        if has_text(child(node, "w:sdtContent")):
            line.source.left_out.add("prompt", text_in(node))
    else:
        read_inline(contents_of(node), line, link)


def _read_equation(node: Any, line: Line) -> None:
    spans = equation(node)
    if any(span.text.strip() for span in spans) and line.fields.is_shown:
        text = "".join(span.text for span in spans)
        line.source.left_out.add("equation", text)
        line.source.left_out.shows_instead("".join(piece.text or "" for piece in descendants(node, "m:t")), text)
        line.spans += spans


def _read_run(run: Any, line: Line, link: str) -> None:
    properties = child(run, "w:rPr")
    look = _look(properties, line)
    _read_content(run, line, look, link)


def _read_content(parent: Any, line: Line, look: _Look, link: str) -> None:
    for node in parent:
        name = name_of(node)
        if name == "w:t":
            _add(line, node.text or "", look, link)
        elif name in _MARKS:
            _add(line, _MARKS[name], look, link, is_mark=True)
        elif name == "w:sym":
            _read_symbol(node, line, look, link)
        elif name == "w16se:symEx":
            _add(line, _character(attribute(node, "w16se:char")), look, link)
        elif name == "w:fldChar":
            _read_field_mark(node, line, look, link)
        elif name == "w:instrText":
            line.fields.instruct(node.text or "")
        elif name == "w:ruby":
            _read_ruby(node, line, link)
        elif name in ("w:footnoteReference", "w:endnoteReference"):
            _read_note(node, line, look)
        elif name in ("w:drawing", "w:pict", "w:object"):
            _read_drawing(node, line, look)
        elif name == "mc:AlternateContent":
            _read_content(choose(node), line, look, link)
        elif name in ("m:oMath", "m:oMathPara"):
            _read_equation(node, line)


def _read_symbol(node: Any, line: Line, look: _Look, link: str) -> None:
    font, code = attribute(node, "w:font"), attribute(node, "w:char")
    character = symbol(font, int(code, 16)) if _is_code(code) else ""
    if not character:
        line.source.left_out.add("symbol", f"{font} {code}")
    line.source.left_out.shows_instead("", character)
    _add(line, character, look, link)


def _read_field_mark(node: Any, line: Line, look: _Look, link: str) -> None:
    line.met_contents = line.met_contents or line.fields.in_contents
    ended = line.fields.take(node)
    line.met_contents = line.met_contents or line.fields.in_contents
    if ended is not None:
        kind, text = ended
        if kind in SELF_NUMBERING:
            line.source.left_out.add("uncounted", kind)
        if kind == "EQ" and text:
            line.source.left_out.add("equation", text)
        line.source.left_out.shows_instead("", text)
        _add(line, text, look, link)


def _read_ruby(node: Any, line: Line, link: str) -> None:
    """Read a word with its reading above it: the word, then the reading in brackets."""
    read_inline(child(node, "w:rubyBase") if child(node, "w:rubyBase") is not None else (), line, link)
    reading = Line(line.source, line.fields, line.styles)
    read_inline(child(node, "w:rt") if child(node, "w:rt") is not None else (), reading)
    text = "".join(span.text for span in reading.spans).strip()
    if text:
        line.spans.append(Span(f"（{text}）", link=link))


def _read_note(node: Any, line: Line, look: _Look) -> None:
    if look.hidden or not line.fields.is_shown:
        return
    mark = line.source.note(name_of(node), node)
    if mark:
        line.source.left_out.shows_instead("", mark)
        line.spans.append(Span(mark, position="sup"))


def _read_drawing(node: Any, line: Line, look: _Look) -> None:
    for kind, found, words in drawn(node):
        if kind == "hidden" or look.hidden or not line.fields.is_shown:
            line.source.left_out.add(look.hidden or "hidden", text_in(node))
        elif kind == "picture":
            line.spans.append(Span("", image=line.source.take_image(found, words)))
        else:
            if kind == "words":
                line.source.left_out.shows_instead("", found)
            line.boxes.append(found)


def _add(line: Line, text: str, look: _Look, link: str, *, is_mark: bool = False) -> None:
    if not text:
        return
    if is_symbol_font(look.font) and not is_mark:
        drawn_as = symbols(look.font, text)
        if drawn_as != text:
            line.source.left_out.shows_instead(text, drawn_as)
        text = drawn_as
    if not line.fields.is_shown:
        if line.fields.in_contents:
            line.unshown.append(text)
        else:
            # The result of a field that Word does not print.
            line.source.left_out.shows_instead(text, "")
        return
    if look.hidden:
        if text.strip():
            line.source.left_out.add(look.hidden, text)
        return
    if not is_mark and any(ord(char) in _PRIVATE for char in text):
        line.source.left_out.add("private")
    line.spans.append(
        Span(
            text,
            bold=look.bold,
            italic=look.italic,
            underlined=look.underlined,
            position=look.position,
            link=link or line.fields.address,
        )
    )


def _look(properties: Any, line: Line, *, with_style: bool = True) -> _Look:
    styles = line.source.styles
    if properties is None and not line.styles:
        return _Look()
    hidden = ""
    if styles.toggled("w:vanish", properties, line.styles) or styles.toggled("w:specVanish", properties, line.styles):
        hidden = "hidden"
    elif styles.toggled("w:strike", properties, line.styles) or styles.toggled("w:dstrike", properties, line.styles):
        hidden = "struck"
    names = styles.character_names(properties)
    fonts = styles.run_property("w:rFonts", properties, line.styles) if with_style else None
    underline = attribute(styles.run_property("w:u", properties, line.styles), "w:val", "none")
    position = value(properties, "w:vertAlign")
    return _Look(
        hidden=hidden,
        bold=styles.of_run_alone("w:b", properties) or "strong" in names,
        italic=styles.of_run_alone("w:i", properties) or "emphasis" in names,
        underlined=underline != "none",
        position={"superscript": "sup", "subscript": "sub"}.get(position, ""),
        font=attribute(fonts, "w:ascii") or attribute(fonts, "w:hAnsi"),
    )


def _is_code(code: str) -> bool:
    return 0 < len(code) <= 6 and all(char in "0123456789abcdefABCDEF" for char in code)


def _character(code: str) -> str:
    number = int(code, 16) if _is_code(code) else 0
    return chr(number) if 0x20 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""
