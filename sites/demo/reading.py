"""The making of the dataclasses of ``content.py`` from parsed TOML tables.

Bodies are lists of tables with a ``kind``. The kind ``text`` is running text for people to write: one line a paragraph,
``## `` before a heading; it is split here into heading and paragraphs blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from sites.demo.content import (
    CONTENT_FOLDER,
    SITE_FILES,
    STAGES,
    AllowedEntry,
    Article,
    Attachment,
    Block,
    Chart,
    Column,
    ContentFault,
    DemoSite,
    DictionaryEntry,
    Gallery,
    Heading,
    Interpretation,
    Membership,
    Paragraphs,
    Person,
    Picture,
    PolicyDocument,
    Province,
    Quotation,
    SiteFacts,
    Structured,
    Table,
    TopicPage,
    read_toml,
    seed_of,
)

Raw = dict[str, Any]
T = TypeVar("T")
SECTIONS = ("background", "aims", "main_content", "problems_solved")


def load_province(folder: Path = CONTENT_FOLDER) -> Province:
    """Read all content files in ``folder``; parent sites come before their children. Raise ContentFault."""
    people = read_people(read_toml(folder / "people.toml"))
    return Province(people, tuple(read_site(read_toml(folder / f"{name}.toml")) for name in SITE_FILES))


def read_people(raw: Raw) -> tuple[Person, ...]:
    people = []
    for username, entry in raw["people"].items():
        memberships = tuple(Membership(site, role) for role, sites in entry["roles"].items() for site in sites)
        offers = tuple(Membership(site, role) for role, sites in entry.get("offers", {}).items() for site in sites)
        people.append(Person(username, entry["name"], memberships, offers))
    return tuple(people)


def read_site(raw: Raw) -> DemoSite:
    facts = _made(SiteFacts, {"parent": None, "headline": "", **raw["site"]}, "site")
    reader = _SiteReader(facts.code, raw.get("defaults", {}))
    return DemoSite(
        facts=facts,
        columns=tuple(_column(entry) for entry in raw.get("columns", [])),
        articles=tuple(reader.article(entry) for entry in raw.get("article", [])),
        policies=tuple(reader.policy(entry) for entry in raw.get("policy", [])),
        interpretations=tuple(reader.interpretation(entry) for entry in raw.get("interpretation", [])),
        topics=tuple(reader.topic(entry) for entry in raw.get("topic", [])),
        structured=tuple(reader.structured(entry) for entry in raw.get("structured", [])),
        words=tuple(_made(DictionaryEntry, entry, f"{facts.code}/word") for entry in raw.get("word", [])),
        allowed=tuple(_made(AllowedEntry, entry, f"{facts.code}/allowed") for entry in raw.get("allowed", [])),
    )


def _made(kind: type[T], values: Raw, where: str) -> T:
    try:
        return kind(**values)
    except TypeError as fault:
        raise ContentFault(f"{where}: {fault}") from fault


def _column(raw: Raw) -> Column:
    values = {"limit_days": None, **raw, "keywords": tuple(raw["keywords"])}
    return _made(Column, values, raw["slug"])


class _SiteReader:
    """A reader of one site's items, which fills in what the site's ``[defaults]`` say for all of them."""

    def __init__(self, code: str, defaults: Raw) -> None:
        self.code = code
        self.defaults = defaults

    def article(self, raw: Raw) -> Article:
        values = self._item(raw)
        return _made(Article, values | {"body": self._blocks(values.pop("body"), raw["slug"])}, self._where(raw))

    def policy(self, raw: Raw) -> PolicyDocument:
        values = {"column": "policies", "validity_note": "", **self._item(raw)}
        values["body"] = self._blocks(values.pop("body"), raw["slug"])
        subject = values["subject"]
        values["subject"] = (subject[0], subject[1] if len(subject) > 1 else "")
        return _made(PolicyDocument, values, self._where(raw))

    def interpretation(self, raw: Raw) -> Interpretation:
        values = {"column": "interpretations", "form": "text", **self._item(raw)}
        for section in SECTIONS:
            body = values[section]
            tables = [{"kind": "text", "text": body}] if isinstance(body, str) else body
            values[section] = self._blocks(tables, raw["slug"])
        return _made(Interpretation, values, self._where(raw))

    def topic(self, raw: Raw) -> TopicPage:
        values = self._item(raw)
        values["body"] = self._blocks(values.pop("body"), raw["slug"])
        values["members"] = tuple(values["members"])
        return _made(TopicPage, values, self._where(raw))

    def structured(self, raw: Raw) -> Structured:
        values = {"fields": {}, "sections": {}, **self._item(raw)}
        values["body"] = self._blocks(values.pop("body", []), raw["slug"])
        for name in ("charts", "materials", "steps", "questions"):
            values[name] = tuple(values.get(name, ()))
        if "map" in values:
            values["map"] = self._picture(values["map"], raw["slug"])
        return _made(Structured, values, self._where(raw))

    def _where(self, raw: Raw) -> str:
        return f"{self.code}/{raw.get('slug', '?')}"

    def _item(self, raw: Raw) -> Raw:
        values = {"stage": "live", **self.defaults, **raw}
        values["keywords"] = tuple(values["keywords"])
        if values["stage"] not in STAGES:
            raise ContentFault(f"{self._where(raw)}: stage {values['stage']!r}")
        if "picture" in values:
            values["picture"] = self._picture(values["picture"], raw["slug"])
        return values

    def _picture(self, raw: Raw, slug: str) -> Picture:
        seed = seed_of(self.code, slug, raw["motif"])
        return Picture(raw["motif"], raw.get("seed", seed), raw["alt"], raw.get("caption", ""))

    def _blocks(self, tables: Iterable[Raw], slug: str) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for raw in tables:
            if raw["kind"] == "text":
                blocks.extend(text_blocks(raw["text"]))
            else:
                blocks.append(self._block(raw, slug))
        return tuple(blocks)

    def _block(self, raw: Raw, slug: str) -> Block:
        match raw["kind"]:
            case "heading":
                return Heading(raw["text"])
            case "paragraphs":
                return Paragraphs(tuple(raw["texts"]))
            case "table":
                return Table(raw["caption"], tuple(raw["head"]), _rows(raw))
            case "quotation":
                return Quotation(raw["text"], raw["attribution"])
            case "image":
                return self._picture(raw, slug)
            case "gallery":
                return Gallery(tuple(self._picture(entry, slug) for entry in raw["pictures"]))
            case "chart":
                values = tuple(float(value) for value in raw["values"])
                return Chart(raw["form"], raw["title"], raw["unit"], tuple(raw["labels"]), values, raw["alt"])
            case "attachment":
                head = tuple(raw.get("head", ()))
                given: Raw = {"text": raw.get("text", ""), "head": head, "rows": _rows(raw)}
                return Attachment(raw["format"], raw["filename"], raw["title"], comment=raw.get("comment", ""), **given)
            case other:
                raise ContentFault(f"{self.code}/{slug}: block kind {other!r}")


def _rows(raw: Raw) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(cell) for cell in row) for row in raw.get("rows", ()))


def text_blocks(text: str) -> list[Block]:
    """Split written text into heading and paragraphs blocks, in order."""
    blocks: list[Block] = []
    gathered: list[str] = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("## "):
            if gathered:
                blocks.append(Paragraphs(tuple(gathered)))
                gathered = []
            blocks.append(Heading(line[3:]))
        elif line:
            gathered.append(line)
    if gathered:
        blocks.append(Paragraphs(tuple(gathered)))
    return blocks
