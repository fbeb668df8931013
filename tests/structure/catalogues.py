"""Sentences of the product and what its catalogues say of them, read without the tools of gettext."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache

from django.utils.translation.template import templatize

from .test_gettext import HAN, OUR_NAMES, ROOT, may_hold_han, product_files

LOCALE = ROOT / "platform/govplatform/locale"
#: Name of the call -> which of its arguments are sentences.
_CALLS = {
    **dict.fromkeys(("_", *OUR_NAMES, "gettext", "gettext_lazy", "gettext_noop"), (0,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1,)),
}
_IN_TEMPLATE = re.compile(r"""\b(?:_|gettext|ngettext|pgettext)\(\s*((?:u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*"))""")


@cache
def sentences() -> dict[str, str]:
    """Each Chinese sentence that passes through gettext -> a file that says it."""
    found: dict[str, str] = {}
    for path in product_files(".py"):
        source = path.read_text(encoding="utf-8")
        for text in _of_python(source) if may_hold_han(source) else ():
            found.setdefault(text, str(path.relative_to(ROOT)))
    for path in product_files(".html", ".txt"):
        for text in _of_template(path.read_text(encoding="utf-8")):
            found.setdefault(text, str(path.relative_to(ROOT)))
    return {text: path for text, path in found.items() if HAN.search(text)}


def _of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for at in _CALLS.get(name, ()):
            if at < len(node.args) and isinstance(node.args[at], ast.Constant) and isinstance(node.args[at].value, str):
                yield node.args[at].value


def _of_template(text: str) -> Iterator[str]:
    for match in _IN_TEMPLATE.finditer(templatize(text)):
        # What stood in the template as one per cent sign is two in a sentence with places.
        yield ast.literal_eval(match[1])


def compiled(language: str) -> dict[str, str]:
    """Sentence -> its translation, as Django reads them."""
    with (LOCALE / language / "LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    firsts = {key[0] if isinstance(key, tuple) else key: said for key, said in catalogue.items() if _is_first(key)}
    return {text: said for text, said in firsts.items() if text}


def _is_first(key: str | tuple[str, int]) -> bool:
    """Is it the form of a sentence for one thing, or its only form?"""
    return not isinstance(key, tuple) or key[1] == 0


def written(language: str) -> dict[str, str]:
    """The same of the file that people edit: sentence -> translation, of its first form where it has several."""
    text = (LOCALE / language / "LC_MESSAGES/django.po").read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"\n\s*\n", text):
        parts = {
            match[1]: "".join(ast.literal_eval(line) for line in match[2].splitlines() if line.startswith('"'))
            for match in re.finditer(r'^(msgid|msgstr(?:\[0\])?) ((?:".*"\n?)+)', entry, re.MULTILINE)
        }
        # The same words in another context are another entry.
        if parts.get("msgid") and not re.search(r"^msgctxt ", entry, re.MULTILINE):
            found[parts["msgid"]] = parts.get("msgstr", parts.get("msgstr[0]", ""))
    return found
