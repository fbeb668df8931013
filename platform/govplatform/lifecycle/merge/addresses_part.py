"""The addresses of a closing site: every one that was ever public is answered afterwards."""

from django.utils.translation import gettext as _

from govplatform.addresses.models import Address

from .parts import Concern, Foreseen, Intended, MergePart


class AddressesPart(MergePart):
    """The ledger answers for all of them, those of what is not moved too."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return how many addresses the ledger knows of the source, and how many of them are former ones."""
        known = Address.objects.filter(tenant=intended.source)
        past = known.filter(state=Address.State.PAST).count()
        return Foreseen(
            counts={"addresses": known.count()},
            concerns=[Concern(_("曾经公开的网址"), past, _("照旧由地址台账作答，跳转到内容现在的位置。"))],
        )
