"""The rules of an operator on the templates of an old site: a TOML file with one table `[[template]]` for each."""

import json
import re
import tomllib
from dataclasses import asdict, dataclass
from fnmatch import translate
from typing import Any
from urllib.parse import urlsplit

from govplatform.sentences import gettext_noop, said

#: Fields that hold a CSS selector.
SELECTORS = ("title", "body", "date", "source", "column", "leave_out")
_TEXTS = (*SELECTORS, "name", "to_column", "skip")
_ORDER = ("name", *SELECTORS, "to_column", "skip")
MOST_RULES = 200
LONGEST = 500


@dataclass(frozen=True)
class TemplateRule:
    """What holds for the pages of one template.

    addresses: patterns of paths with `*` and `?`, of which one has to fit; title, body, date, source, column: CSS
    selectors, "" for none; leave_out: selector of what is no part of the text; to_column: slug or path (`news/local`)
    of the column of this site that its pages come to; skip: why its pages are not brought in, "" where they are.
    """

    addresses: tuple[str, ...]
    name: str = ""
    title: str = ""
    body: str = ""
    date: str = ""
    source: str = ""
    column: str = ""
    leave_out: str = ""
    to_column: str = ""
    skip: str = ""

    def holds_for(self, address: str) -> bool:
        """Whether the rule is for the page at an address."""
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return any(re.match(translate(pattern), path) for pattern in self.addresses)

    def to_json(self) -> dict[str, Any]:
        """Return the rule as {field: value}."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "TemplateRule":
        """Return the rule that `to_json` made `data` of."""
        return cls(**{**data, "addresses": tuple(data["addresses"])})


def rule_for(rules: list[TemplateRule], address: str) -> TemplateRule | None:
    """Return the first rule that holds for an address, or None."""
    return next((rule for rule in rules if rule.holds_for(address)), None)


def read_rules(text: str) -> tuple[list[TemplateRule], list[str]]:
    """Return (rules, faults) of a rules file; the faults are Chinese sentences that name the template and the field."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [said(gettext_noop("规则文件不是合格的 TOML：%(error)s"), error=str(error))]
    faults = [
        said(gettext_noop("规则文件：不认识“%(name)s”，只能有 [[template]]。"), name=name)
        for name in data
        if name != "template"
    ]
    tables = data.get("template", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return [], [*faults, gettext_noop("规则文件：每个模板写成一段 [[template]]。")]
    if not tables:
        faults.append(gettext_noop("规则文件里没有任何 [[template]]。"))
    if len(tables) > MOST_RULES:
        return [], [*faults, said(gettext_noop("规则文件的模板超过 %(most)s 个。"), most=MOST_RULES)]
    rules = []
    for number, table in enumerate(tables, start=1):
        found = _faults_of(table, number)
        faults += found
        if not found:
            rules.append(TemplateRule.from_json(table))
    return ([] if faults else rules), faults


def write_rules(rules: list[TemplateRule]) -> str:
    """Return rules as the text of a rules file, which `read_rules` reads again."""
    tables = []
    for rule in rules:
        lines = ["[[template]]", f"addresses = [{', '.join(_quoted(one) for one in rule.addresses)}]"]
        lines += [f"{name} = {_quoted(value)}" for name in _ORDER if (value := getattr(rule, name))]
        tables.append("\n".join(lines) + "\n")
    return "\n".join(tables)


def _quoted(text: str) -> str:
    # A basic string of TOML is one of JSON, but for the one control character that JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _faults_of(table: dict[str, Any], number: int) -> list[str]:
    where = said(gettext_noop("规则第 %(number)s 个模板"), number=number)

    def fault(field: str, sentence: str, **values: Any) -> str:
        return said(
            gettext_noop("%(where)s，字段 %(field)s：%(what)s"), where=where, field=field, what=said(sentence, **values)
        )

    faults = [
        fault(name, gettext_noop("不认识这个字段。可用：%(known)s。"), known="、".join(("addresses", *_TEXTS)))
        for name in table
        if name not in ("addresses", *_TEXTS)
    ]
    addresses = table.get("addresses")
    if not isinstance(addresses, list) or not addresses or not all(isinstance(one, str) for one in addresses):
        faults.append(fault("addresses", gettext_noop('写网址路径的样式，例如 ["/xwzx/*.html"]，至少一个。')))
    else:
        faults += [
            fault("addresses", gettext_noop("样式“%(given)s”要以“/”或“*”开头，不带协议和域名。"), given=one[:80])
            for one in addresses
            if not one.startswith(("/", "*")) or len(one) > LONGEST or one.count("*") > 8
        ]
    for name in _TEXTS:
        value = table.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST:
            faults.append(fault(name, gettext_noop("要写成一段文字，不超过 %(most)s 字。"), most=LONGEST))
        elif value and name in SELECTORS and (error := selector_fault(value)):
            faults.append(fault(name, gettext_noop("“%(given)s”不是 CSS 选择器：%(error)s"), given=value, error=error))
    told = [name for name in (*SELECTORS, "to_column", "skip") if table.get(name)]
    if not told:
        faults.append(said(gettext_noop("%(where)s：没有写任何选择器、to_column 或 skip，不起作用。"), where=where))
    return faults


def selector_fault(selector: str) -> str:
    """Return what the library says against a CSS selector, in one line; "" for a good one."""
    import soupsieve

    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, ValueError) as error:
        return str(error).splitlines()[0][:200]
    return ""
