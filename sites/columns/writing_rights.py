"""写稿范围: an editor, or a department of editors, writes only in given columns and what lies below them.

The site's administrator gives them. Whoever is given none, and is in no department, writes everywhere. That somebody is
limited stands with their role (``Membership.limited``), so deleting a column opens nothing; the columns lie here.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import Membership, User
from govplatform.accounts.permissions import forget_roles
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import EDITOR
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.permissions import may_on_structure, writing_places
from govplatform.tenancy.current import current_tenant

from .models import Column, Department, DepartmentMember, WritingRight

_LONGEST_NAME = 60


def limit_editor(user: User, columns: Collection[Column], *, acting_user: User | None) -> None:
    """Have ``user``, an editor of the site, write in ``columns`` alone; none: wherever their departments write, and
    everywhere without one. Raises Refused. ``acting_user`` None: the shell.
    """
    with acting(acting_user):
        reasons = _reasons_against_giving(acting_user)
        if user.pk not in _editors():
            reasons.append(_("%(user)s 不是本站的编辑，没有写稿范围。") % {"user": user})
        if reasons:
            raise Refused(reasons)
        own = WritingRight.objects.filter(user=user)
        before = _titles(own)
        own.delete()
        WritingRight.objects.bulk_create(WritingRight(column=column, user=user) for column in columns)
        _settle([user.pk])
        detail = {"before": {"columns": before}, "after": {"columns": _titles(WritingRight.objects.filter(user=user))}}
        record_act("writing.limit", acting_user=acting_user, obj=user, detail=detail)
    forget_roles(user)


def set_department(
    name: str, members: Collection[User], columns: Collection[Column], *, acting_user: User | None
) -> Department | None:
    """Have the department ``name`` consist of ``members``, who write in ``columns``; it is made when there is none.

    Without members it is dissolved, and None returned. Raises Refused for members who are no editors of the site.
    """
    name = name.strip()
    with acting(acting_user):
        reasons = _reasons_against_giving(acting_user)
        if not 0 < len(name) <= _LONGEST_NAME:
            reasons.append(_("部门名称不能为空，最多 %(most)d 个字。") % {"most": _LONGEST_NAME})
        editors = _editors()
        strangers = "、".join(user.full_name for user in members if user.pk not in editors)
        if strangers:
            reasons.append(_("%(people)s不是本站的编辑，不能列入部门。") % {"people": strangers})
        if members and not columns:
            reasons.append(_("请为部门至少选一个栏目。"))
        department = Department.objects.filter(name=name).first()
        if not members and department is None:
            reasons.append(_("本站没有部门“%(name)s”；新设部门请至少选一名编辑。") % {"name": name})
        if reasons:
            raise Refused(reasons)
        before = _described(department)
        touched = {user.pk for user in members}
        number = department.pk if department is not None else None
        if department is not None:
            touched |= set(department.members.values_list("user_id", flat=True))
            department.delete()
            # The record names what is gone by the number that it had.
            department.pk = number
        made = _make_department(name, members, columns) if members else None
        _settle(touched)
        detail = {"name": name, "before": before, "after": _described(made)}
        record_act("writing.department", acting_user=acting_user, obj=made or department, detail=detail)
    for user in members:
        forget_roles(user)
    return made


def places_of(user: Any) -> frozenset[str]:
    """Return the tree paths of the columns that ``user`` is given, by themselves or by a department."""
    rights = WritingRight.objects.filter(Q(user=user.pk) | Q(department__members__user=user.pk))
    return frozenset(rights.values_list("column__path", flat=True))


def columns_to_write(user: Any) -> Any:
    """Return the columns of the current site in which ``user`` writes, in the order of the tree."""
    columns, places = Column.objects.order_by("path"), writing_places(user)
    if places is None:
        return columns
    below = Q(pk__in=[])
    for path in places:
        below |= Q(path__startswith=path)
    return columns.filter(below)


def rights_of_editors() -> list[dict[str, Any]]:
    """Return ``[{"user", "columns", "departments", "limited"}]`` of the editors of the site, by name.

    ``columns``: their own, and those of their departments, by title.
    """
    tenant = current_tenant()
    own: dict[int, list[Column]] = {}
    for right in WritingRight.objects.exclude(user=None).select_related("column").order_by("column__path"):
        if right.user_id is not None:
            own.setdefault(right.user_id, []).append(right.column)
    departments: dict[int, list[str]] = {}
    for member in DepartmentMember.objects.select_related("department").order_by("department__name"):
        departments.setdefault(member.user_id, []).append(member.department.name)
    limited = set(
        Membership.objects.filter(tenant=tenant, role=EDITOR.code, limited=True).values_list("user_id", flat=True)
    )
    return [
        {
            "user": user,
            "columns": own.get(user.pk, []),
            "departments": departments.get(user.pk, []),
            "limited": user.pk in limited,
        }
        for user in holders_of(tenant, EDITOR.code)
    ]


def departments_of_site() -> list[dict[str, Any]]:
    """Return ``[{"name", "members", "columns"}]`` by name; ``members``: accounts, ``columns``: of the site."""
    people = User.objects.in_bulk(DepartmentMember.objects.values_list("user_id", flat=True))
    found = []
    for one in Department.objects.prefetch_related("members", "rights__column").order_by("name"):
        members = [people[member.user_id] for member in one.members.all() if member.user_id in people]
        columns = sorted((right.column for right in one.rights.all()), key=lambda column: str(column.path))
        found.append({"name": one.name, "members": members, "columns": columns})
    return found


# --- inside ------------------------------------------------------------------------------


def _reasons_against_giving(acting_user: User | None) -> list[str]:
    if acting_user is None or may_on_structure(acting_user):
        return []
    return [_("只有本站的站点管理员可以设置写稿范围。")]


def _editors() -> set[int]:
    return {user.pk for user in holders_of(current_tenant(), EDITOR.code)}


def _make_department(name: str, members: Collection[User], columns: Collection[Column]) -> Department:
    made = Department.objects.create(name=name)
    DepartmentMember.objects.bulk_create(DepartmentMember(department=made, user=user) for user in members)
    WritingRight.objects.bulk_create(WritingRight(column=column, department=made) for column in columns)
    return made


def _settle(users: Collection[int]) -> None:
    """Write with the roles of ``users`` whether they are limited now."""
    own = WritingRight.objects.filter(user__in=users).values_list("user_id", flat=True)
    of_departments = DepartmentMember.objects.filter(user__in=users).values_list("user_id", flat=True)
    limited = {*own, *of_departments}
    roles = Membership.objects.filter(tenant=current_tenant(), role=EDITOR.code, user__in=users)
    roles.filter(user__in=limited, limited=False).update(limited=True)
    roles.exclude(user__in=limited).filter(limited=True).update(limited=False)


def _titles(rights: Any) -> list[str]:
    return list(rights.order_by("column__path").values_list("column__title", flat=True))


def _described(department: Department | None) -> dict[str, Any]:
    if department is None or department.pk is None:
        return {"members": [], "columns": []}
    members = User.objects.filter(pk__in=department.members.values_list("user_id", flat=True)).order_by("pk")
    return {"members": [user.full_name for user in members], "columns": _titles(department.rights)}
