"""What may be done with the columns of a site: create, change and find them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words
from govplatform.review.frame.page_kinds import save_arranged
from govplatform.review.permissions import may_on_structure
from sites.pages.given_addresses import column_slug
from sites.pages.known_values import KNOWN_FIELDS

from .frame_words import COLUMN, reason_against_taken, reasons_against_slug
from .models import USUAL_LISTS, Column, ColumnType

_DEPTH_OF_HOME = 2
#: What may be changed later; the slug stays, for it is part of public addresses.
CHANGEABLE = frozenset(
    {
        "title", "column_type", "description", "keywords", "update_duty", "update_limit_days", "responsible_unit",
        "show_in_menus", "list_template", *(f"default_{name}" for name, _vocabulary in KNOWN_FIELDS),
    }
)  # fmt: skip


def find_column_type(given: str) -> str:
    """Return the code of the column type with this code or Chinese label. Raise Refused, naming all types, if none."""
    aliases = {"notices": ColumnType.NEWS}
    if given in aliases:
        return str(aliases[given].value)
    for value, label in ColumnType.choices:
        if given in (value, str(label)):
            return str(value)
    known = "、".join(f"{value}（{label}）" for value, label in ColumnType.choices)
    raise Refused(_("没有“%(type)s”这种栏目类别。可用：%(known)s。") % {"type": given, "known": known})


def create_column(
    slug: str,
    *,
    title: str,
    column_type: str,
    parent: Page | None = None,
    acting_user: User | None,
    reason: str = "",
    verb: str = "",
    **facts: Any,
) -> Column:
    """Create a column below ``parent`` (None: the home page) and return it.

    It is live at once when the shell makes it (``verb``: the verb that does, or ``acting_user`` None: the platform
    itself); a person's column is not shown before a content reviewer has confirmed its words.
    ``slug``: '' for one by the sounds of the title. ``facts``: other fields of ``Column``; description and keywords
    default to the title, the form of its list to the usual one of its type. ``reason``: why words stay that the scan
    doubts. Raises Refused when the person may not, the slug is not allowed or taken, the title is empty, the type is
    unknown, the site has no home page, or the scan objects to the words.
    """
    parent = parent or Page.objects.filter(depth=_DEPTH_OF_HOME).first()
    if parent is None:
        raise Refused(_("本站没有首页，不能建栏目。"))
    slug = slug or column_slug(title, parent)
    reasons = reasons_against_slug(slug)
    if not title.strip():
        reasons.append(_("栏目名称不能为空。"))
    if parent.get_children().filter(slug=slug).exists():
        reasons.append(reason_against_taken(parent, slug))
    column_type = find_column_type(column_type)
    with acting(acting_user, pages=[parent.pk]):
        if reasons := [*_reasons_against_managing(acting_user), *reasons]:
            raise Refused(reasons)
        column: Column = parent.add_child(
            instance=Column(
                title=title.strip(),
                slug=slug,
                column_type=column_type,
                description=facts.pop("description", "") or title.strip(),
                keywords=facts.pop("keywords", "") or title.strip(),
                show_in_menus=facts.pop("show_in_menus", True),
                list_template=facts.pop("list_template", USUAL_LISTS.get(column_type, "")),
                live=False,
                **facts,
            )
        )
        change_words(column, {}, acting_user=acting_user, reason=reason, verb=verb, is_new=True)
        record_act("column.create", acting_user=acting_user, obj=column, detail={"slug": slug})
    return column


def change_column(
    column: Column, *, acting_user: User | None, reason: str = "", verb: str = "", **facts: Any
) -> Column:
    """Change fields of ``column`` and return it; nothing is written when every value is the same as before.

    ``facts``: new values of the fields of ``Column`` named in ``CHANGEABLE``; TypeError for any other field. Words that
    citizens read wait for a second person, unless the shell sets them, as in ``create_column``; whatever else
    differs takes effect at once. Raises Refused when the person may not, the title is empty, or the scan objects.
    """
    if unknown := set(facts) - CHANGEABLE:
        raise TypeError(f"a column's {', '.join(sorted(unknown))} cannot be changed here")
    with acting(acting_user, pages=[column.pk]):
        if reasons := _reasons_against_managing(acting_user):
            raise Refused(reasons)
        # As it is stored now: the one at hand may have been read before somebody else's change.
        column.refresh_from_db()
        before = {name: getattr(column, name) for name in facts}
        # Words that are as they are stored may still be others than this person has proposed before.
        words = {name: value for name, value in facts.items() if name in COLUMN.texts}
        changed = {name: value for name, value in facts.items() if before[name] != value}
        other = {name: value for name, value in changed.items() if name not in words}
        if other:
            for name, value in other.items():
                setattr(column, name, value)
            save_arranged(column, acting_user=acting_user)
        waits = change_words(column, words, acting_user=acting_user, reason=reason, verb=verb) if words else None
        now = changed if waits is None else other
        if now:
            detail = {"before": {name: before[name] for name in now}, "after": now}
            record_act("column.change", acting_user=acting_user, obj=column, detail=detail)
    return column


def arrange_columns(parent: Page, order: Sequence[int], *, acting_user: User | None) -> bool:
    """Put the columns directly below ``parent`` (the home page or a column) in this order; False when they stand so.

    ``order``: the ids of all of them. Only those that must are moved: everything below a column goes with it. Raises
    Refused when the person may not, and when other columns stand there than the person saw.
    """
    with acting(acting_user, pages=[parent.pk]):
        if reasons := _reasons_against_managing(acting_user):
            raise Refused(reasons)
        columns = {column.pk: column for column in Column.objects.child_of(parent).order_by("path")}
        present = list(columns)
        if sorted(order) != sorted(present):
            raise Refused(
                _("“%(parent)s”之下的栏目刚有增减，顺序没有改变。请重新打开后再排。") % {"parent": parent.title}
            )
        if present == list(order):
            return False
        staying = _in_order_already([present.index(pk) for pk in order])
        follower: int | None = None
        for place in reversed(range(len(order))):
            if place not in staying:
                _move_before(order[place], follower, parent, acting_user)
            follower = order[place]
        names = {pk: column.title for pk, column in columns.items()}
        detail = {"before": [names[pk] for pk in present], "after": [names[pk] for pk in order]}
        record_act("column.arrange", acting_user=acting_user, obj=parent, detail=detail)
    return True


def _move_before(column_id: int, follower: int | None, parent: Page, acting_user: User | None) -> None:
    """Move one column in front of the one with id ``follower``, or behind all (None)."""
    # Every move gives others new places in the tree, so nothing that was read before it is used.
    column = Column.objects.get(pk=column_id)
    if follower is not None:
        column.move(Page.objects.get(pk=follower), pos="left", user=acting_user)
    else:
        column.move(Page.objects.get(pk=parent.pk), pos="last-child", user=acting_user)


def _in_order_already(numbers: Sequence[int]) -> set[int]:
    """Places in ``numbers`` of a longest part that rises: these stay while the others move."""
    best: list[list[int]] = []
    for place, number in enumerate(numbers):
        longest: list[int] = []
        for run, end in zip(best, numbers, strict=False):
            if end < number and len(run) > len(longest):
                longest = run
        best.append([*longest, place])
    found: list[int] = max(best, key=len, default=[])
    return set(found)


def _reasons_against_managing(acting_user: User | None) -> list[str]:
    if acting_user is None or may_on_structure(acting_user) or is_platform_operator(acting_user):
        return []
    return [_("只有本站的站点管理员或平台运维人员可以管理栏目。")]


def find_column(slug: str) -> Column:
    """Return the column with this slug on the current site. Raise Refused when there is none or more than one."""
    found = list(Column.objects.filter(slug=slug)[:2])
    if len(found) != 1:
        raise Refused(
            _("本站没有标识为“%(slug)s”的栏目。") % {"slug": slug}
            if not found
            else _("本站有多个标识为“%(slug)s”的栏目，请改名后再用。") % {"slug": slug}
        )
    return found[0]
