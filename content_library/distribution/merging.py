"""What a merge of sites means for the common library (``govplatform.lifecycle.merge``)."""

from django.utils.translation import gettext as _

from content_library.models import Repost, Resource
from govplatform.lifecycle.merge.parts import Concern, Foreseen, Intended, Left

from .models import PushTarget, StandingClearance, Subscription


class LibraryPart:
    """Resources keep their number, UUID and versions; what refers to the site from elsewhere stays valid."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return what becomes of the site's resources, of reposts in both directions, of pushes and standing orders."""
        source, destination = intended.source, intended.destination
        reposts = Repost.objects.filter(tenant=source)
        mirrored = reposts.filter(resource__tenant=destination).count()
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
