"""What becomes of the people of a closing site: offered the same role where it goes, unless separation forbids it."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import Membership
from govplatform.accounts.permissions import reasons_against_grant
from govplatform.accounts.roles import ROLES

from .parts import Collision, Concern, Foreseen, Intended, MergePart


class AccountsPart(MergePart):
    """Memberships are never moved: a role is offered on the other site, and begins with the person's own yes."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return how many roles will be offered, and those that cannot be, with the reason."""
        held = (
            Membership.objects.filter(tenant=intended.source)
            .select_related("user")
            .order_by("user__username", "role")
        )  # fmt: skip
        there = set(Membership.objects.filter(tenant=intended.destination).values_list("user_id", "role"))
        foreseen = Foreseen()
        offered = same = 0
        for membership in held:
            if (membership.user_id, membership.role) in there:
                same += 1
                continue
            reasons = reasons_against_grant(membership.user, membership.role, intended.destination, None)
            if not reasons:
                offered += 1
                continue
            role = str(ROLES[membership.role].label)
            foreseen.collisions.append(
                Collision(
                    "account",
                    f"{membership.user}（{role}）",
                    intended.source.full_name,
                    intended.destination.full_name,
                    _("不发出任职邀请：%(reason)s") % {"reason": "".join(reasons)},
                )
            )
        foreseen.concerns += [
            Concern(_("任职"), offered, _("邀请担任并入站点的同一角色，本人接受后生效；本站任职随站点关停结束。")),
            Concern(_("已有的任职"), same, _("在并入站点已有同一角色，不再邀请。")),
        ]
        return foreseen
