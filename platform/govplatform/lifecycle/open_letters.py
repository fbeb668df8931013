"""Letters that have not ended: those that a portal took in, and those that a site answers for the desk of another.

Without the clerks of the one and the editors of the other nobody could end them where they are.
"""

from django.utils.translation import gettext as _

from govplatform.cases.queries import open_at_desk, open_elsewhere
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant


def reasons_of_open_letters(site: Tenant, *, stays_frozen: bool) -> list[str]:
    """Why ``site`` may not be closed, merged or dropped yet: letters are open at its desk, or are answered there.

    ``stays_frozen``: nobody can end them where it is. It has taken in none since its retirement began
    (``cases.queries.taking_in``), so there comes an end of them. What it answered for another desk is no reason then:
    that desk passes it to another site, in whatever state it is.
    """
    return [*_at_its_desk(site, stays_frozen=stays_frozen), *([] if stays_frozen else _answered_there(site))]


# --- inside ------------------------------------------------------------------------------

#: So many numbers of letters are named.
_NAMED = 5


def _answered_there(site: Tenant) -> list[str]:
    numbers = list(open_elsewhere(site).order_by("due_at", "pk").values_list("number", flat=True))
    if not numbers:
        return []
    told = {
        "site": site.full_name,
        "count": len(numbers),
        "numbers": "、".join(numbers[:_NAMED]) + ("……" if len(numbers) > _NAMED else ""),
        "address": console_url(site, "/admin/cases/"),
    }
    words = _(
        "“%(site)s”承办的来信还有 %(count)d 件没有办结（%(numbers)s），关停、并入后该站不能再答复。"
        "请由该站在“来信办理”（%(address)s）中答复或者退回，或者由受理来信的门户改派其他站点。"
    )
    return [words % told]


def _at_its_desk(site: Tenant, *, stays_frozen: bool) -> list[str]:
    count = open_at_desk(site).count()
    if not count:
        return []
    told = {"site": site.full_name, "count": count, "address": console_url(site, "/admin/cases/")}
    told["passing"] = console_url(console_tenant(), "/admin/cases/desk/")
    if stays_frozen and site.status == Tenant.Status.RETIRED:
        # It was merged when this was not looked at; what citizens wrote is still asked for by number and code.
        return [
            _(
                "“%(site)s”受理的来信还有 %(count)d 件没有办结（%(address)s），来信人还在查询，不能移除。"
                "请由监管员或者平台运维人员在“移交受理的来信”（%(passing)s）中移交其他门户。"
            )
            % told
        ]
    if stays_frozen:
        return [
            _(
                "“%(site)s”受理的来信还有 %(count)d 件没有办结，站点只读时不能办理。"
                "请由监管员或者平台运维人员在“移交受理的来信”（%(passing)s）中移交其他门户；"
                "或者先退回这次并入，由该站受理员在“来信办理”（%(address)s）中办结，再重新发起。"
            )
            % told
        ]
    return [
        _(
            "“%(site)s”受理的来信还有 %(count)d 件没有办结，关停、并入后没有人能再办理。"
            "请由该站受理员先在“来信办理”（%(address)s）中办结，"
            "或者由监管员、平台运维人员在“移交受理的来信”（%(passing)s）中移交其他门户；"
            "关停期间新的来信由上级门户受理，不会再增加。"
        )
        % told
    ]
