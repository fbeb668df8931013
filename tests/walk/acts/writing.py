"""Editors write, edit, copy, move and delete."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page
from wagtail.rich_text import RichText

from .. import product
from ..steps import Act, Given, condition
from ..world import World

#: What a text may hold besides: nothing, a word that dictionaries may know, an identity number.
WORD, IDENTITY = "涉及敏感词甲的说明。", "联系人张三，身份证号110101199003077635。"
_EXTRAS = ("", "", "", "", WORD, IDENTITY)
_CLASSES = ("", "02", "04", "13", "17")
_KINDS = {
    "article": (product.Article, ("news", "notices")),
    "policy": (product.PolicyDocument, ("policies",)),
    "interpretation": (product.Interpretation, ("interpretations",)),
    "topic": (product.TopicPage, ("news",)),
}


def token(step: int, part: int = 0) -> str:
    """A word that stands in this text alone, by which the walk finds it again wherever it is shown."""
    return f"TK{step * 16 + part:08x}"


def body_of(text: str, extra: str = "") -> list[dict[str, str]]:
    return [{"type": "rich_text", "value": f"<p>{text}正文，这是一段说明文字。{extra}</p>"}]


def some_column(world: World, rng: Random, site: str, fitting: tuple[str, ...] = ()) -> str:
    """Slug of a live column, mostly a fitting one."""
    there = world.columns(site)
    wanted = [slug for slug in there if slug in fitting]
    return rng.choice(wanted if wanted and rng.random() < 0.9 else there)


def some_times(rng: Random) -> tuple[int | None, int | None]:
    """(opens, closes) in minutes from now, mostly neither."""
    opens = rng.choice([30, 90, 600]) if rng.random() < 0.08 else None
    closes = (opens or 0) + rng.choice([60, 300, 3000]) if rng.random() < 0.07 else None
    return opens, closes


class Write(Act):
    """A new draft below a column, handed in at once more often than not."""

    name = "write"
    weight = 12

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        kind = rng.choices(list(_KINDS), [70, 20, 6, 4])[0]
        opens, closes = some_times(rng)
        policies = world.pages(site, "c.model = 'policydocument'")
        return {
            "by": world.somebody(rng, site, "editor", rightly=0.92),
            "site": site,
            "kind": kind,
            "column": some_column(world, rng, site, _KINDS[kind][1]),
            "policy": world.name_of(site, rng.choice(policies)) if kind == "interpretation" and policies else None,
            "summary": rng.random() < 0.6,
            "extra": rng.choice(_EXTRAS),
            "class": rng.choice(_CLASSES),
            "keywords": rng.choice(["", "财政", "农业 水利"]),
            "repostable": rng.random() < 0.93,
            "attachment": rng.random() < 0.12,
            "opens": opens,
            "closes": closes,
            "hand_in": rng.random() < 0.75,
        }

    def do(self, world: World, given: Given) -> Any:
        author = world.user(given["by"])
        with product.holding():
            column = product.find_column(given["column"])
            model = _KINDS[given["kind"]][0]
            # As the console asks: first what kind of page it is, then whether it may stand here.
            if not product.may_on_content(author, product.ADD) or not model.can_create_at(column):
                raise PermissionDenied
            if not column.permissions_for_user(author).can_add_subpage():
                raise PermissionDenied
            page = self._page(world, given, model, author)
            column.add_child(instance=page)
            page.save_revision(user=author, log_action=True)
        world.call(f"s{world.step}", given["site"], page.pk)
        if given["hand_in"]:
            hand_in(world, given["by"], page.pk)

    def _page(self, world: World, given: Given, model: Any, author: Any) -> Any:
        word = token(world.step)
        now = world.clock.now()
        values: dict[str, Any] = {
            "title": f"关于{word}的事项",
            "summary": f"{word}摘要" if given["summary"] else "",
            "source": world.tenant(given["site"]).full_name,
            "subject_class": given["class"],
            "keywords": given["keywords"],
            "repostable": given["repostable"],
            "owner": author,
            "go_live_at": moment(now, given["opens"]),
            "expire_at": moment(now, given["closes"]),
            "body": body_of(word, given["extra"]),
        }
        if model is product.PolicyDocument:
            values |= {
                "document_number": f"测发〔2026〕{world.step}号",
                "issued_by": values["source"],
                "issued_on": date(2025, 12, 1),
                "document_kind": "notice",
            }
        if model is product.Interpretation:
            policy = (
                given["policy"] and product.PolicyDocument.objects.filter(pk=world.page_id(given["policy"])).first()
            )
            sections = {name: f"<p>{word}{name}</p>" for name in product.Interpretation.SECTIONS}
            values |= {"policy": policy or None, "body": [], **sections}
        page = model(**values)
        if given["attachment"]:
            document = product.SiteDocument(title=f"{word}附件", uploaded_by_user=author)
            document.file.save(f"{word}.txt", ContentFile(f"{word} 附件内容".encode()))
            document.save()
            page.body.append(("rich_text", RichText(f'<p><a linktype="document" id="{document.pk}">附件</a></p>')))
        return page


def moment(now: datetime, minutes: int | None) -> datetime | None:
    """So many minutes after ``now``, to the second as the form has it."""
    return None if minutes is None else (now + timedelta(minutes=minutes)).astimezone(UTC).replace(microsecond=0)


def hand_in(world: World, username: str, page_id: int) -> None:
    """What follows “save and submit” of the editor: a refusal leaves the draft."""
    with suppress(product.Refused):
        product.submit_for_review(Page.objects.get(pk=page_id), acting_user=world.user(username))


class Edit(Act):
    """A newer draft of a page, live or not."""

    name = "edit"
    weight = 14

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        shown_elsewhere = (
            f"p.id IN (SELECT x.page_id FROM public.content_library_resource x JOIN public.content_library_repost r"
            f" ON r.resource_id = x.id AND r.state <> 'withdrawn' WHERE x.tenant_id = {world.tenant(site).pk})"
        )
        page = world.some_page(rng, site, shown_elsewhere if rng.random() < 0.4 else "true") or world.some_page(
            rng, site
        )
        if page is None:
            return None
        opens, closes = some_times(rng)
        return {
            "by": world.somebody(rng, site, "editor", rightly=0.9),
            "site": site,
            "page": page,
            "extra": rng.choice(_EXTRAS[2:5]),
            "class": rng.choice(_CLASSES[:4]),
            "repostable": None if rng.random() < 0.9 else rng.random() < 0.5,
            "times": rng.random() < 0.6,
            "opens": opens,
            "closes": closes,
            "hand_in": rng.random() < 0.7,
        }

    def do(self, world: World, given: Given) -> Any:
        author = world.user(given["by"])
        with product.holding():
            page = Page.objects.get(pk=world.page_id(given["page"])).specific
            lock = page.get_lock()
            if not page.permissions_for_user(author).can_edit() or (lock and lock.for_user(author)):
                raise PermissionDenied
            draft = page.get_latest_revision_as_object()
            if not isinstance(draft, product.RepostPage):
                self._change(draft, given, token(world.step))
            if given["times"]:
                now = world.clock.now()
                draft.go_live_at, draft.expire_at = moment(now, given["opens"]), moment(now, given["closes"])
            draft.save_revision(user=author, log_action=True)
        if given["hand_in"]:
            hand_in(world, given["by"], page.pk)

    def _change(self, draft: Any, given: Given, word: str) -> None:
        draft.title = f"关于{word}的更正"
        draft.summary = f"{word}摘要" if draft.summary else ""
        if isinstance(draft, product.Interpretation):
            draft.background = f"<p>{word}背景</p>"
        else:
            draft.body = body_of(word, given["extra"])
        if given["repostable"] is not None:
            draft.repostable = given["repostable"]
        draft.subject_class = given["class"]


class Copy(Act):
    """Wagtail's own copy: a draft of the same words below another column, with or without its history."""

    name = "copy"
    weight = 1.5

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site)
        if page is None:
            return None
        return {
            "by": world.somebody(rng, site, "editor", rightly=0.85),
            "site": site,
            "page": page,
            "column": some_column(world, rng, site),
            "history": rng.random() < 0.5,
        }

    def do(self, world: World, given: Given) -> Any:
        author = world.user(given["by"])
        page = Page.objects.get(pk=world.page_id(given["page"])).specific
        with product.holding():
            copied = CopyPageAction(
                page,
                to=product.find_column(given["column"]),
                update_attrs={"slug": f"copy-{world.step}", "owner": author},
                keep_live=False,
                copy_revisions=given["history"],
                user=author,
            ).execute()
        world.call(f"s{world.step}", given["site"], copied.pk)
        world.memory.setdefault("copied", {})[given["site"], copied.pk] = page.pk


class Move(Act):
    """To another column."""

    name = "move"
    weight = 1.5

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site, "NOT p.live" if rng.random() < 0.6 else "true")
        if page is None:
            return None
        by = world.somebody(rng, site, "editor", rightly=0.85)
        return {"by": by, "site": site, "page": page, "column": some_column(world, rng, site)}

    def do(self, world: World, given: Given) -> Any:
        page = Page.objects.get(pk=world.page_id(given["page"])).specific
        with product.holding():
            MovePageAction(
                page, product.find_column(given["column"]), pos="last-child", user=world.user(given["by"])
            ).execute()


class Delete(Act):
    """A draft that nobody needs."""

    name = "delete"
    weight = 2.5

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site, "NOT p.live" if rng.random() < 0.8 else "true")
        if page is None:
            return None
        return {"by": world.somebody(rng, site, "editor", rightly=0.85), "site": site, "page": page}

    def do(self, world: World, given: Given) -> Any:
        page = Page.objects.get(pk=world.page_id(given["page"])).specific
        with product.holding():
            DeletePageAction(page, user=world.user(given["by"])).execute()


@condition("nobody has judged it")
def _unjudged(world: World, given: Given) -> bool:
    site, number = world.page(given["page"])
    s = world.schema(site)
    return not world.sql(
        f"SELECT 1 FROM {s}.review_decision WHERE page_id = %s"
        f" UNION ALL SELECT 1 FROM {s}.confidentiality_disposition WHERE page_id = %s LIMIT 1",
        [number, number],
    )


@condition("it is no repost")
def _no_repost(world: World, given: Given) -> bool:
    site, number = world.page(given["page"])
    return not world.sql(f"SELECT 1 FROM {world.schema(site)}.reposts_repostpage WHERE page_ptr_id = %s", [number])
