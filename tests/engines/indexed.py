"""The judged corpus as engines keep it, and questions as engines are asked them."""

from collections.abc import Iterable
from functools import cache

from search.engine import Document, Group, Query
from search.text.document_numbers import compatible, find_numbers
from search.text.filters import filter_lexeme
from search.text.folding import fold
from search.text.lexemes import document_lexemes, needs_of_text
from tests.search.judged.corpus import SITES, CorpusDocument, documents

SITE_KEYS = {code: number for number, code in enumerate(SITES, start=1)}


@cache
def corpus() -> tuple[Document, ...]:
    """The corpus; ids are places in ``judged.corpus.documents()``, from 1."""
    return tuple(as_kept(number, document) for number, document in enumerate(documents(), start=1))


def as_kept(number: int, document: CorpusDocument, *, version: int = 1) -> Document:
    site = SITE_KEYS[document.site]
    filters = [
        filter_lexeme("s", site),
        filter_lexeme("k", document.kind),
        filter_lexeme("y", document.year),
        *([filter_lexeme("v", document.validity)] if document.validity else []),
    ]
    attachments = [part for attachment in document.attachments for part in (attachment.name, attachment.text)]
    return Document(
        id=number,
        version=version,
        lexemes=document_lexemes(
            title=document.title, number=document.number, texts=[document.text, *attachments], filters=filters
        ),
        sites=(site,),
        kind=document.kind,
        year=document.year,
        published=document.published_at,
        title_key=fold(document.title),
        topic=document.subject,
        organisation=document.organisation,
        validity=document.validity,
        columns=(f"{site}:/{document.kind}/{document.topic or 'odd'}/",),
    )


def asked(words: str, *, without: Iterable[str] = (), **more: object) -> Query:
    """A question of words, each a group; a document number in it counts as one."""
    return Query(
        groups=tuple(group for word in words.split() if (group := group_of(word))),
        without=tuple(needs for word in without if (needs := needs_of_text(word))),
        numbers=tuple(f"^#{found.short}" for found in find_numbers(compatible(words))),
        **more,  # type: ignore[arg-type]
    )


def group_of(word: str) -> Group | None:
    needs = needs_of_text(word)
    return Group((needs,), (needs_of_text(word, of_title=True),)) if needs else None
