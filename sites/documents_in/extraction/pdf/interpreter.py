"""The running of a PDF page: its characters and areas in the order of painting, and what its annotations show."""

import itertools
from typing import Any

from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from govplatform.untrusted_files.pdf_sight import FAINT, OPAQUE, OUTLINED, UNPAINTED, Box, Colour, colour_of
from sites.documents_in.extraction.pdf.annotations import Shown

#: Marks of characters.
NOT_PAINTED = "not painted"
OUTLINE = "outline"
ANNOTATION = "annotation"


class _State(PDFGraphicState):
    """The library's state of graphics, with what it leaves out.

    alpha: how opaque areas and letters are, from 0 to 1; mixed: painted in another way than over what lies below;
    clip: the box in which painting shows, None for the page; exact: whether that box is the very figure.
    """

    alpha = 1.0
    mixed = False
    clip: Box | None = None
    exact = True

    def copy(self) -> "_State":
        other = _State()
        other.__dict__.update(self.__dict__)
        return other

    def is_opaque(self) -> bool:
        return self.alpha >= OPAQUE and not self.mixed and self.exact


class Device(PDFPageAggregatorWithMarkedContent):
    """Numbers what is painted, marks characters that are not, and keeps the areas.

    areas: (box with its lower end first, number, colour or None, whether it covers what lies below). The number of a
    character is its `mcid`, its mark the `tag`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.numbers = itertools.count(1)
        self.areas: list[tuple[Box, int, Colour | None, bool]] = []
        self.state = _State()
        self.mark: str | None = None
        self.within: str | None = None
        self.page_ctm: Matrix = MATRIX_IDENTITY
        self.is_part = False

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Begin the page; ctm: turns its coordinates into those of the result."""
        self.page_ctm = ctm
        super().begin_page(page, ctm)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Paint letters."""
        self.state = graphicstate
        self.mark = self.within
        if textstate.render in UNPAINTED or graphicstate.alpha < FAINT:
            self.mark = NOT_PAINTED
        elif textstate.render in OUTLINED:
            self.mark = OUTLINE
        super().render_string(textstate, seq, ncs, graphicstate)
        self.mark = None

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        """Paint a line or an area."""
        if self.is_part:
            super().paint_path(gstate, stroke, fill, evenodd, path)
            return
        self.state = gstate
        before = len(self.cur_item._objs)
        # The library takes the parts of a path one by one and calls this again.
        self.is_part = True
        try:
            super().paint_path(gstate, stroke, fill, evenodd, path)
        finally:
            self.is_part = False
        made = self.cur_item._objs[before:]
        if fill and self.within != NOT_PAINTED:
            plain = gstate.ncs.name != "Pattern" and gstate.is_opaque()
            whole = plain and len(made) == 1 and type(made[0]).__name__ == "LTRect"
            parts = gstate.ncolor if isinstance(gstate.ncolor, (tuple, list)) else (gstate.ncolor,)
            colour = colour_of(gstate.ncs.name, parts) if plain else None
            number = next(self.numbers)
            for item in made:
                self._area(item.bbox, number, colour if whole else None, whole)

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Paint a picture."""
        super().render_image(name, stream)
        masked = any(resolve1(stream.get_any(keys)) for keys in (("SMask",), ("Mask",), ("ImageMask", "IM")))
        straight = min(abs(self.ctm[0]) + abs(self.ctm[3]), abs(self.ctm[1]) + abs(self.ctm[2])) < 0.01
        if self.within != NOT_PAINTED:
            covers = straight and not masked and self.state.is_opaque()
            self._area(self.cur_item._objs[-1].bbox, next(self.numbers), None, covers)

    def _area(self, box: Box, number: int, colour: Colour | None, covers: bool) -> None:
        clip = self.state.clip
        if clip is not None:
            box = max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])
        self.areas.append((box, number, colour, covers))

    def tag_cur_item(self) -> None:
        """Number and mark what was made last."""
        if not self.cur_item._objs:
            return
        item: Any = self.cur_item._objs[-1]
        item.mcid, item.tag = next(self.numbers), self.mark
        clip = self.state.clip
        if clip is not None and self.mark != NOT_PAINTED:
            x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
            if not (clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3]):
                item.tag = NOT_PAINTED


class Interpreter(PDFPageInterpreter):
    """Runs a page; knows of transparency, clipping and layers, which the library's own leaves out.

    off: the numbers of the layers (optional content groups) that are not shown.
    """

    device: Device
    off: frozenset[int] = frozenset()
    inherited: _State | None = None

    def init_state(self, ctm: Matrix) -> None:
        """Begin with the state of what calls this."""
        super().init_state(ctm)
        self.graphicstate = self.inherited.copy() if self.inherited else _State()
        self.marked: list[str | None] = []

    def subinterp(self) -> "Interpreter":
        """Return the interpreter of a form that the page paints."""
        inner: Any = super().subinterp()
        inner.off = self.off
        inner.inherited = self.graphicstate.copy()
        return inner  # type: ignore[no-any-return]

    def do_gs(self, name: Any) -> None:
        """Take transparency from a state's dictionary."""
        states = resolve1((self.resources or {}).get("ExtGState"))
        state = resolve1(states.get(literal_name(name))) if isinstance(states, dict) else None
        if not isinstance(state, dict):
            return
        current: Any = self.graphicstate
        alpha = resolve1(state.get("ca"))
        if isinstance(alpha, (int, float)):
            current.alpha = float(alpha)
        if "BM" in state:
            mode = resolve1(state["BM"])
            mode = mode[0] if isinstance(mode, list) and mode else mode
            current.mixed = isinstance(mode, PSLiteral) and literal_name(mode) not in ("Normal", "Compatible")
        if isinstance(resolve1(state.get("SMask")), dict):
            current.mixed = True

    def do_W(self) -> None:
        """Clip to the path."""
        points = [point for part in self.curpath for point in zip(part[1::2], part[2::2], strict=False)]
        if not points:
            return
        xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
        box = apply_matrix_rect(self.ctm, (min(xs), min(ys), max(xs), max(ys)))
        shape = "".join(str(part[0]) for part in self.curpath)
        straight = len(set(xs)) == 2 and len(set(ys)) == 2 and min(map(abs, self.ctm[:2])) < 1e-6
        self._clip(box, exact=straight and shape in ("mlllh", "mllll", "mllllh", "mlll"))

    def do_W_a(self) -> None:
        """Clip to the path, by the other rule."""
        self.do_W()

    def _clip(self, box: Box, *, exact: bool) -> None:
        state: Any = self.graphicstate
        old = state.clip
        if old is not None:
            box = max(old[0], box[0]), max(old[1], box[1]), min(old[2], box[2]), min(old[3], box[3])
        state.clip, state.exact = box, state.exact and exact

    def do_BDC(self, tag: Any, props: Any) -> None:
        """Begin marked content, which may belong to a layer."""
        self._begin(isinstance(tag, PSLiteral) and literal_name(tag) == "OC" and self.is_off(props))
        super().do_BDC(tag, props)

    def do_BMC(self, tag: Any) -> None:
        """Begin marked content."""
        self._begin(False)
        super().do_BMC(tag)

    def _begin(self, off: bool) -> None:
        self.marked.append(self.device.within)
        if off:
            self.device.within = NOT_PAINTED

    def do_EMC(self) -> None:
        """End marked content."""
        if self.marked:
            self.device.within = self.marked.pop()
        super().do_EMC()

    def is_off(self, layer: Any) -> bool:
        """Say whether what belongs to a layer (as the file or the page names it) is not shown."""
        if isinstance(layer, PSLiteral):
            named = resolve1((self.resources or {}).get("Properties"))
            layer = named.get(literal_name(layer)) if isinstance(named, dict) else None
        if isinstance(layer, PDFObjRef) and layer.objid in self.off:
            return True
        group = resolve1(layer)
        members = group.get("OCGs") if isinstance(group, dict) else None
        if isinstance(members, PDFObjRef):
            members = resolve1(members) if isinstance(resolve1(members), list) else [members]
        return isinstance(members, list) and bool(members) and all(self.is_off(one) for one in members)

    def do_Do(self, xobjid_arg: Any) -> None:
        """Paint a form or a picture."""
        self.device.state = self.graphicstate  # type: ignore[assignment]
        item = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        before, saved = self.device.within, self.graphicstate
        if isinstance(item, PDFStream):
            if "OC" in item and self.is_off(item.attrs["OC"]):
                self.device.within = NOT_PAINTED
            box = resolve1(item.get("BBox"))
            if isinstance(box, list) and len(box) == 4:
                matrix = resolve1(item.get("Matrix")) or MATRIX_IDENTITY
                self.graphicstate = saved.copy()
                whole = mult_matrix(matrix, self.ctm)
                self._clip(apply_matrix_rect(whole, _ordered(box)), exact=abs(whole[0] * whole[1]) < 1e-6)
        try:
            super().do_Do(xobjid_arg)
        finally:
            self.device.within, self.graphicstate = before, saved
            self.device.set_ctm(self.ctm)

    def do_EI(self, obj: Any) -> None:
        """Paint a picture that stands in the page itself."""
        self.device.state = self.graphicstate  # type: ignore[assignment]
        super().do_EI(obj)

    def show(self, page: PDFPage, shown: list[Shown]) -> None:
        """Run a page and the appearances of its annotations."""
        ctm = page_matrix(page)
        self.device.begin_page(page, ctm)
        self.render_contents(page.resources, page.contents, ctm=ctm)
        self.init_state(ctm)
        for annotation in shown:
            if annotation.appearance is not None and not self.is_off(annotation.layer):
                self.device.within = ANNOTATION
                place, depth = self.device.cur_item, len(self.device._stack)
                try:
                    self._appearance(annotation, ctm)
                except (MemoryError, RecursionError):
                    raise
                except Exception:
                    # A damaged appearance is no fault of the page; the value of its field stands there instead.
                    annotation.appearance = None
                    self.device.cur_item = place
                    del self.device._stack[depth:]
        self.device.within = None
        self.device.end_page(page)

    def _appearance(self, annotation: Shown, ctm: Matrix) -> None:
        stream: Any = annotation.appearance
        box = _ordered(list_value(stream.get("BBox")))
        matrix = resolve1(stream.get("Matrix")) or MATRIX_IDENTITY
        # ISO 32000-1, 12.5.5, algorithm 8.1: the appearance's box, turned, is fitted into the annotation's rectangle.
        x0, y0, x1, y1 = apply_matrix_rect(matrix, box)
        left, low, right, high = annotation.rectangle
        wide, tall = (right - left) / ((x1 - x0) or 1), (high - low) / ((y1 - y0) or 1)
        placed = mult_matrix(matrix, (wide, 0, 0, tall, left - x0 * wide, low - y0 * tall))
        whole = mult_matrix(placed, ctm)
        inner = self.subinterp()
        self.device.set_ctm(ctm)
        self.device.begin_figure("annotation", box, placed)
        inner.render_contents(dict_value(stream.get("Resources") or {}), [stream], ctm=whole)
        self.device.end_figure("annotation")
        self.device.set_ctm(ctm)


def _ordered(box: Any) -> Box:
    x0, y0, x1, y1 = (float(resolve1(value)) for value in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def page_matrix(page: PDFPage) -> Matrix:
    """Return the matrix that turns a page's coordinates as its viewer does, as the library has it."""
    x0, y0, x1, y1 = page.mediabox
    turned: dict[int, Matrix] = {
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }
    return turned.get(page.rotate, (1, 0, 0, 1, -x0, -y0))
