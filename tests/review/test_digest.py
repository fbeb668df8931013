"""One digest, one page: other pages have others, the same page stored in another way has the same."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.blocks import StreamValue

from govplatform.review.gate.canonical import canonical_bytes
from govplatform.review.gate.digest import digest_elsewhere, numbers_of, page_digest, referred_files
from govplatform.review.transfers.rewriting import rewrite, undo
from sites.articles.models import Article
from sites.policies.models import Interpretation
from tests.factories import document, draft_article, draft_interpretation, draft_policy, image

#: Pieces that texts are made of: what JSON, lengths and separators of any form are written with, beside words.
PIECES = [
    "", " ", "通知", "电话", "a", "0", "1", "1.0", "true", "null", "{", "}", "[", "]", '"', "'", ":", ",", "\\", "\n",
    "s1:", "i1;", "l0:", "n", '"id"', '{"a":1}', '{"a": 1}', '{"type":"x","value":"","id":"1"}', "\\u901a", "é",
    "e\u0301", "\ufeff", "<p>", "</p>", "\u200b",
]  # fmt: skip
#: Texts that a reader of JSON takes for one and the same.
ALIKE = [
    '{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":1, "b":2}', '{"a":0,"a":1,"b":2}', '{"a":1,"b":2}\n', '{"\\u0061":1,"b":2}',
]  # fmt: skip
TEXTS = ("title", "summary", "author", "keywords", "audience", "source")
SEEDS = range(12)


def drawn_text(draw: random.Random) -> str:
    if draw.random() < 0.2:
        return draw.choice(ALIKE)
    return "".join(draw.choice(PIECES) for _ in range(draw.randrange(4)))


def drawn_value(draw: random.Random, depth: int = 3) -> Any:
    """Anything that a field may hold."""
    kinds: list[Callable[[], Any]] = [
        lambda: drawn_text(draw), lambda: draw.choice([None, True, False]), lambda: draw.randrange(-2, 12),
        lambda: draw.choice([0.0, 1.0, 0.1]),
    ]  # fmt: skip
    if depth:
        kinds += [
            lambda: [drawn_value(draw, depth - 1) for _ in range(draw.randrange(3))],
            lambda: {drawn_text(draw): drawn_value(draw, depth - 1) for _ in range(draw.randrange(3))},
        ]
    return draw.choice(kinds)()


def told_apart(value: Any) -> str:
    """The value as Python writes it, which differs wherever type or words do."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{told_apart(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(told_apart, value)) + "]"
    return repr(value)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_values_have_the_same_bytes(seed):
    draw = random.Random(seed)
    written: dict[bytes, str] = {}
    for _ in range(3_000):
        value = drawn_value(draw)
        assert written.setdefault(canonical_bytes(value), told_apart(value)) == told_apart(value)
    assert len(written) > 500


def test_what_has_no_form_is_refused():
    for value in (object(), b"bytes", {1: "a key that is no text"}):
        with pytest.raises(TypeError):
            canonical_bytes(value)


def drawn_body(draw: random.Random, pictures: list[int], papers: list[int]) -> list[dict[str, Any]]:
    def rows() -> list[list[str]]:
        return [[drawn_text(draw) for _ in range(draw.randrange(1, 3))] for _ in range(draw.randrange(1, 3))]

    def item() -> dict[str, Any]:
        return {"image": draw.choice(pictures), "alt": drawn_text(draw), "caption": ""}

    kinds: list[Callable[[], dict[str, Any]]] = [
        lambda: {"type": "rich_text", "value": drawn_text(draw)},
        lambda: {"type": "heading", "value": {"level": draw.choice("234"), "text": drawn_text(draw)}},
        lambda: {"type": "table", "value": {"caption": drawn_text(draw), "header_row": True, "rows": rows()}},
        lambda: {"type": "gallery", "value": {"items": [item() for _ in range(draw.randrange(1, 3))]}},
        lambda: {"type": "attachment", "value": {"document": draw.choice(papers), "title": drawn_text(draw)}},
        lambda: {"type": "quotation", "value": {"text": drawn_text(draw), "attribution": drawn_text(draw)}},
    ]  # fmt: skip
    return [draw.choice(kinds)() for _ in range(draw.randrange(4))]


def told(page: Any, body: list[dict[str, Any]]) -> str:
    return json.dumps([{name: getattr(page, name) for name in TEXTS}, body], sort_keys=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_different_pages_have_different_digests(alpha, seed):
    """Each differs from the first in one place, so that nothing else tells two of them apart."""
    draw = random.Random(seed)
    pictures, papers = [image().pk, image().pk], [document().pk, document(b"other").pk]
    page = draft_article()
    first = {name: drawn_text(draw) for name in TEXTS}, drawn_body(draw, pictures, papers)
    seen: dict[str, str] = {}
    for _ in range(40):
        texts, body = {**first[0]}, first[1]
        place = draw.choice([*TEXTS, "body"])
        if place == "body":
            body = drawn_body(draw, pictures, papers)
        else:
            texts[place] = drawn_text(draw)
        for name, text in texts.items():
            setattr(page, name, text)
        page.body = body
        assert seen.setdefault(page_digest(page), told(page, body)) == told(page, body)
    assert len(seen) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_page_stored_in_other_ways_has_the_same_digest(alpha, seed):
    draw = random.Random(seed)
    pictures, papers = [image().pk, image().pk], [document().pk, document(b"other").pk]
    body = drawn_body(draw, pictures, papers)
    texts = {name: drawn_text(draw) or "文字" for name in ("title", "source")} | {"summary": drawn_text(draw)}
    page = draft_article(body=body, **texts)
    revision = page.latest_revision
    wanted = page_digest(page)
    assert page_digest(revision.as_object()) == wanted, "the revision"
    assert page_digest(Article.objects.get(pk=page.pk)) == wanted, "the stored row"
    # Ids as the editor's form makes them up, and no ids at all.
    for stored in (with_ids(body, draw), body):
        revision.content["body"] = json.dumps(stored, ensure_ascii=draw.random() < 0.5, indent=draw.choice([None, 2]))
        revision.save(update_fields=["content"])
        assert page_digest(type(revision).objects.get(pk=revision.pk).as_object()) == wanted, "block ids"
        again = Article.objects.get(pk=page.pk)
        again.body = StreamValue(again.body.stream_block, stored, is_lazy=True)
        assert page_digest(again, referred_files(again)) == wanted
        Article.objects.filter(pk=page.pk).update(body=again.body)
        assert page_digest(Article.objects.get(pk=page.pk)) == wanted, "the row with other ids"


class Far:
    """Every number leads to where nothing is (``rewriting.Targets``)."""

    def slug(self, slug: str) -> str:
        return f"{slug}-far"

    def number(self, model: Any, number: Any) -> Any:
        return number + 1_000_000

    def tag(self, tag: str) -> str:
        return f'<a href="https://far.example/{len(tag)}">'


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_page_seen_from_another_site_has_the_same_digest(alpha, seed):
    """None of the rows that it names is there, and its words went there and back."""
    draw = random.Random(seed)
    pictures, papers = [image().pk, image().pk], [document().pk, document(b"other").pk]
    body = [*drawn_body(draw, pictures, papers), {"type": "attachment", "value": {"document": papers[0], "title": ""}}]
    body.append({"type": "rich_text", "value": f'<p><a linktype="document" id="{papers[1]}">x</a><a id="y">z</a></p>'})
    page = draft_article(body=body, picture=image())
    files, numbers = referred_files(page), numbers_of(page)
    for version in (page, page.latest_revision.as_object()):
        there, trail = rewrite(Article, version.serializable_data(), Far())
        assert len(trail) >= 4, "slug, picture, attachment, link"
        assert digest_elsewhere(seen_from_far(there), files, numbers) != page_digest(page)
        # as it is kept in the database
        kept = json.loads(json.dumps(trail))
        assert digest_elsewhere(seen_from_far(undo(Article, there, kept)), files, numbers) == page_digest(page)


def seen_from_far(content: Any) -> Any:
    return Article.from_serializable_data(content, check_fks=False)


def with_ids(body: Any, draw: random.Random) -> Any:
    """As Wagtail stores it: each block and list item with an id of its own."""

    def number() -> str:
        return f"{draw.getrandbits(64):016x}"

    def item(value: Any) -> Any:
        return {"type": "item", "value": deep(value), "id": number()}

    def deep(value: Any) -> Any:
        if isinstance(value, list):
            return [item(one) for one in value]
        return {key: deep(one) for key, one in value.items()} if isinstance(value, dict) else value

    return [{**block, "value": deep(block["value"]), "id": number()} for block in body]


def test_the_words_of_a_file_are_covered_as_they_are(alpha):
    picture = image()
    page = draft_article(picture=picture)
    seen = set()
    for words in [
        {"title": "a", "description": "bc"}, {"title": "ab", "description": "c"}, {"title": "ab", "description": " c"},
        {"title": "ab", "description": "", "map_number": "c"}, {"title": "ab", "description": "{}"},
    ]:  # fmt: skip
        type(picture).objects.filter(pk=picture.pk).update(**{"map_number": "", **words})
        seen.add(page_digest(page))
    assert len(seen) == 5


def test_rich_text_fields_beside_the_body_are_covered_to_the_letter(alpha):
    page = draft_interpretation(draft_policy())
    before = page_digest(page)
    page.aims = f"{page.aims} "
    assert page_digest(page) != before
    page = Interpretation.objects.get(pk=page.pk)
    assert page_digest(page) == before == page_digest(page.get_latest_revision().as_object())
