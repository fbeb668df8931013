"""The types of the demo province's content, which is written as TOML in the folder ``content/``.

The module is plain data and does not import Django, so that the loader and the tests share one
reading of the files.
"""

from __future__ import annotations

import datetime as dt
import tomllib
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from govplatform.system_words import system_words

Stage = Literal["live", "draft", "in_content_review", "in_confidentiality_review", "returned", "scheduled", "withdrawn"]
Role = Literal[
    "editor", "content-reviewer", "confidentiality-reviewer", "site-admin", "auditor", "clerk", "operator", "supervisor"
]
Validity = Literal["in_force", "amended", "repealed", "lapsed"]
DocumentKind = Literal[
    "decision",
    "order",
    "measures",
    "opinions",
    "notice",
    "announcement",
    "circular",
    "reply",
    "letter",
    "plan",
    "other",
]
Disclosure = Literal["proactive", "on_request", "withheld"]
InterpretationForm = Literal["text", "chart", "audio", "video", "animation", "commentary", "interview"]

STAGES: tuple[Stage, ...] = (
    "live", "draft", "in_content_review", "in_confidentiality_review", "returned", "scheduled", "withdrawn",
)  # fmt: skip
CONTENT_FOLDER = Path(__file__).parent / "content"
# The order in which sites can be opened: parents before children.
SITE_FILES = ("console", "yunjiang", "jiaoyu", "jiangzhou", "qingshan", "hekou", "linye")


class ContentFault(ValueError):
    """A content file that does not say what the platform needs; the message names file, item and field."""


@dataclass(frozen=True, slots=True)
class Membership:
    site: str
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    full_name: str
    memberships: tuple[Membership, ...]
    #: Roles that were offered and wait for an answer.
    offers: tuple[Membership, ...] = ()

    def holds(self, site: str, role: Role) -> bool:
        return Membership(site, role) in self.memberships


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text, one string a paragraph, without markup."""

    texts: tuple[str, ...]
    kind: Literal["paragraphs"] = "paragraphs"


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Quotation:
    text: str
    attribution: str
    kind: Literal["quotation"] = "quotation"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture: ``pictures.draw_picture(motif, seed)``; 1600x900 JPEG."""

    motif: str
    seed: int
    alt: str
    caption: str = ""
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class Gallery:
    pictures: tuple[Picture, ...]
    kind: Literal["gallery"] = "gallery"


@dataclass(frozen=True, slots=True)
class Chart:
    """A simple chart: ``charts.draw_chart(chart)``; 1200x675 PNG. One value per label, in ``unit``."""

    form: Literal["bar", "line"]
    title: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    alt: str
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file made by ``attachments.make_attachment(attachment, item, site)``.

    ``text`` is the body of a PDF or DOCX, a line a paragraph, headings marked ``## ``; empty means the item's own body.
    ``head`` and ``rows`` are the table of a DOCX or XLSX. ``comment`` is a note that a colleague left in the margin of
    a DOCX and nobody took out again.
    """

    format: Literal["pdf", "docx", "xlsx"]
    filename: str
    title: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    comment: str = ""
    kind: Literal["attachment"] = "attachment"


Block = Heading | Paragraphs | Table | Quotation | Picture | Gallery | Chart | Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(ABC):
    """A piece of content, of any type. People are usernames of ``people.toml``.

    ``stage`` is how far the item gets when the demo is loaded. ``opinion`` is what the returning reviewer wrote,
    ``returned_by`` that reviewer's role; ``reason`` is why a published item was withdrawn; ``scheduled_in_days`` counts
    from the day on which the demo is loaded. ``emergency`` is why an item was published by the short way, "" for none;
    it then waits for its review after the fact.
    """

    slug: str
    column: str
    title: str
    summary: str
    source: str
    author: str
    keywords: tuple[str, ...]
    stage: Stage
    editor: str
    content_reviewer: str
    confidentiality_reviewer: str
    content_opinion: str
    confidentiality_opinion: str
    opinion: str = ""
    returned_by: Literal["", "content-reviewer", "confidentiality-reviewer"] = ""
    reason: str = ""
    scheduled_in_days: int = 0
    emergency: str = ""
    picture: Picture | None = None

    @property
    @abstractmethod
    def blocks(self) -> tuple[Block, ...]:
        """All blocks of the item, in the order in which they are read."""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Attachment))

    @property
    def text(self) -> str:
        """Headings and paragraphs as plain text, a line each."""
        lines: list[str] = []
        for block in self.blocks:
            if isinstance(block, Heading):
                lines.append(block.text)
            elif isinstance(block, Paragraphs):
                lines.extend(block.texts)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Item):
    """An article. ``basis``: the slug of the policy of its own site that a guide to a service rests on, "" for none."""

    body: tuple[Block, ...]
    basis: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument(Item):
    """A policy document.

    ``subject`` is (top class, second level or "") of 主题分类; ``document_kind``: 体裁; ``audience``: 服务对象.
    """

    document_number: str
    issued_by: str
    issued_on: dt.date
    subject: tuple[str, str]
    document_kind: DocumentKind
    audience: str
    validity: Validity
    validity_note: str
    disclosure: Disclosure
    addressee: str
    body: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation(Item):
    """An interpretation, with its four mandated sections; ``policy`` is the slug of the policy that it explains."""

    policy: str
    form: InterpretationForm
    background: tuple[Block, ...]
    aims: tuple[Block, ...]
    main_content: tuple[Block, ...]
    problems_solved: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.background + self.aims + self.main_content + self.problems_solved


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage(Item):
    """A topic page, which gathers items of its own site; ``members`` are their slugs in order."""

    body: tuple[Block, ...]
    members: tuple[str, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured(Item):
    """A structured page.

    ``kind``: what it is in the library; ``fields``: plain fields by name; ``sections``: rich text fields by name, a
    line a paragraph; ``map``: the map of an institution; ``charts``: of
    a bulletin, each with title, kind, unit, note and rows; ``materials`` and ``steps``: of a guide to a service, a
    line each as in its table; ``questions``: of a survey, which is open for ``lasts`` days from the next morning on;
    ``basis``: the slug of the policy of its own site that it rests on, "" for none;
    ``interview``: who speaks, and what was asked and said (``load_interviews``); ``body``: what is said besides.
    """

    kind: str
    fields: Mapping[str, Any]
    sections: Mapping[str, str]
    map: Picture | None = None
    charts: tuple[Mapping[str, Any], ...] = ()
    materials: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    questions: tuple[Mapping[str, Any], ...] = ()
    lasts: int = 0
    basis: str = ""
    interview: Mapping[str, Any] | None = None
    body: tuple[Block, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*(Paragraphs(tuple(text.splitlines())) for text in self.sections.values()), *self.body)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a site; ``limit_days`` is the longest time between two updates, None for ad hoc columns."""

    slug: str
    name: str
    type: str
    description: str
    keywords: tuple[str, ...]
    duty: Literal["daily", "periodic", "adhoc"]
    limit_days: int | None
    unit: str
    parent: str | None = None
    list_template: str = ""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The facts about one site in the register of sites; ``headline`` is the slug of the pinned item, "" for none.

    ``traditional``: whether its pages are there in traditional characters too.
    """

    code: str
    name: str
    short_name: str
    identity_code: str
    kind: Literal["portal", "department", "console"]
    level: Literal["province", "city", "county"]
    parent: str | None
    organiser: str
    undertaker: str
    responsible_person: str
    contact_phone: str
    contact_address: str
    icp_number: str
    police_number: str
    theme: str
    rule_pack: str
    headline: str
    slogan: str
    traditional: bool = False


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """A word that the scan looks for; those of the console apply on the whole platform."""

    word: str
    kind: Literal["wrong", "sensitive"]
    severity: Literal["block", "warn", "info"] = "warn"
    suggestion: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AllowedEntry:
    """A value in which the scan of a site finds no fault, and the reason."""

    value: str
    kind: Literal["number", "email", "address", "link", "host"]
    reason: str


@dataclass(frozen=True, slots=True)
class DemoSite:
    facts: SiteFacts
    columns: tuple[Column, ...]
    articles: tuple[Article, ...]
    policies: tuple[PolicyDocument, ...]
    interpretations: tuple[Interpretation, ...]
    topics: tuple[TopicPage, ...]
    structured: tuple[Structured, ...] = ()
    words: tuple[DictionaryEntry, ...] = ()
    allowed: tuple[AllowedEntry, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.structured, *self.articles, *self.policies, *self.interpretations, *self.topics)

    def interpretation_of(self, policy: PolicyDocument) -> Interpretation:
        return next(item for item in self.interpretations if item.policy == policy.slug)


@dataclass(frozen=True, slots=True)
class Province:
    people: tuple[Person, ...]
    sites: tuple[DemoSite, ...] = field(default=())

    def site(self, code: str) -> DemoSite:
        return next(site for site in self.sites if site.facts.code == code)


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ContentFault(f"{path.name}: {system_words(fault)}") from fault


def seed_of(*names: str) -> int:
    """Return a number that depends on the names only, so that a picture stays the same from run to run."""
    return zlib.crc32("/".join(names).encode())
