"""What a merge of sites means for the common library (``govplatform.lifecycle.merge``)."""

from django.utils.translation import gettext as _

from content_library.models import Repost, Resource
from govplatform.lifecycle.merge.parts import Concern, Foreseen, Intended, Left, MergePart, Switch
from govplatform.tenancy.models import Tenant

from .merge_proof import find_misled
from .merged_sites import (
    doubled_duties,
    end_proposals,
    end_subscriptions,
    give_back_duties,
    give_back_proposals,
    give_back_reposts,
    give_back_resources,
    give_back_subscriptions,
    move_duties,
    move_reposts,
    move_resources,
)
from .models import PushTarget, RecallReceipt, StandingClearance, Subscription


class LibraryPart(MergePart):
    """Resources keep their number, UUID and versions; what refers to the site from elsewhere stays valid."""

    def reasons_against(self, source: Tenant, destination: Tenant) -> list[str]:
        """A recall has to have its receipts first: it asks pages by the number that they have now."""
        open_ones = RecallReceipt.objects.filter(tenant=source, recall__ended_at=None)
        waiting = open_ones.exclude(state=RecallReceipt.State.CONFIRMED).count()
        if not waiting:
            return []
        return [
            _("“%(site)s”还有 %(count)s 项收回没有核对完，请先办结。") % {"site": source.full_name, "count": waiting}
        ]

    def stand_ins(self, source: Tenant, destination: Tenant) -> dict[int, int]:
        """Pages that show what the destination itself published: its own page takes their place."""
        shown = Repost.objects.filter(
            tenant=source,
            state=Repost.State.LIVE,
            mode__in=(Repost.Mode.MIRROR, Repost.Mode.PINNED, Repost.Mode.LINK),
            resource__tenant=destination,
        ).exclude(resource__status=Resource.Status.WITHDRAWN)
        return {page: there for page, there in shown.values_list("page_id", "resource__page_id") if there is not None}

    def hand_over(self, switch: Switch) -> None:
        """Have the resources and reposts of the source name the destination."""
        memory = switch.memory.setdefault("library", {})
        move_resources(switch)
        end_proposals(switch, memory)
        move_reposts(switch, memory)

    def switch(self, switch: Switch) -> None:
        """The same with what is asked of both sites, until the chain of the destination is held."""
        memory = switch.memory["library"]
        end_subscriptions(switch, memory)
        move_duties(switch, doubled_duties(switch), memory)

    def prove(self, switch: Switch) -> tuple[int, list[tuple[str, str, str]]]:
        """Resources and reposts of carried pages are the destination's, at the addresses that the pages have there."""
        return find_misled(switch)

    def take_back(self, switch: Switch) -> None:
        """Give back what ``hand_over`` and ``switch`` took."""
        memory = switch.memory["library"]
        give_back_resources(switch)
        give_back_proposals(memory)
        give_back_reposts(switch, memory)
        give_back_subscriptions(memory)
        give_back_duties(switch, memory)

    def foresee(self, intended: Intended) -> Foreseen:
        """Return what becomes of the site's resources, of reposts in both directions, of pushes and standing orders."""
        source, destination = intended.source, intended.destination
        reposts = Repost.objects.filter(tenant=source)
        mirrored = len(self.stand_ins(source, destination))
        return Foreseen(
            counts={"resources": Resource.objects.filter(tenant=source).count()},
            left=[
                Left(
                    _("订阅"),
                    Subscription.objects.filter(tenant=source, ended_at=None).count(),
                    _("并入站点有自己的订阅。"),
                ),
                Left(
                    _("常设审查决定"),
                    StandingClearance.objects.valid().filter(tenant=source).count(),
                    _("由本站两位审查人作出，只对本站有效，随站点关停终止。"),
                ),
            ],
            concerns=[
                Concern(
                    _("其他站点的转载"),
                    Repost.objects.filter(resource__tenant=source).exclude(tenant=source).count(),
                    _("继续有效：索引号、资源编号和版本不变，原文网址改为新地址。"),
                ),
                Concern(
                    _("本站转载的信息"),
                    reposts.count() - mirrored,
                    _("随栏目迁移，转载关系不变。"),
                ),
                Concern(
                    _("转载自并入站点的信息"),
                    mirrored,
                    _("原文就在并入站点：迁移时并为原文，原地址跳转到原文。"),
                ),
                Concern(
                    _("未办结的推送"),
                    PushTarget.objects.filter(tenant=source, ended_at=None).count(),
                    _("由并入站点接着办理，期限不变。"),
                ),
                Concern(
                    _("以本站为来源的设置"),
                    Subscription.objects.filter(source=source, ended_at=None).count()
                    + StandingClearance.objects.valid().filter(source=source).count(),
                    _("其他站点指定本站为来源的订阅和常设审查决定不会自动改为并入站点，请告知这些站点。"),
                ),
            ],
        )
