"""What a merge of sites means for the ledger of addresses (``govplatform.lifecycle.merge``)."""

from collections.abc import Iterator

from wagtail.models import Page

from govplatform.addresses.entering import end_objects, enter_new, enter_public, give_back_objects, lead_objects
from govplatform.addresses.known import Ending, Kind, KnownAddress
from govplatform.lifecycle.merge.parts import MergePart, Switch
from sites.columns.models import Column

from .content import addresses_of_pages
from .frame import addresses_of_columns

_OF_PAGES = (Kind.PAGE, Kind.LIST, Kind.FEED, Kind.LIBRARY)


class LedgerPart(MergePart):
    """Every address of the source leads to where its thing is; the new addresses are public with the same commit."""

    def prepare(self, switch: Switch) -> None:
        """Enter the new addresses that were never there; the others have to wait for the chain."""
        switch.prepared["addresses"] = enter_new(switch.destination, _new_addresses(switch))

    def switch(self, switch: Switch) -> None:
        """Enter the new addresses, and lead the old ones there."""
        lead_objects(switch.source, switch.destination, _pairs(switch))
        enter_public(switch.destination, switch.prepared["addresses"])

    def take_back(self, switch: Switch) -> None:
        """Lead everything to the source again; what was public in between leads there as well."""
        carried = [switch.pages[old] for old in switch.carried]
        end_objects(switch.destination, _OF_PAGES, carried, Ending.MOVED)
        give_back_objects(switch.destination, switch.source, _pairs(switch))


def _pairs(switch: Switch) -> list[tuple[str, int, int]]:
    pairs = [(str(kind), old, new) for old, new in switch.pages.items() for kind in _OF_PAGES]
    pairs += [(str(Kind.FILE), old, old + switch.documents) for old in switch.files["document"]]
    pairs += [(str(Kind.IMAGE), old, old + switch.images) for old in switch.files["image"]]
    return pairs


def _new_addresses(switch: Switch) -> Iterator[KnownAddress]:
    """What is public in the destination, which is the current site, since the rows are there."""
    carried = Page.objects.filter(pk__in=[switch.pages[old] for old in switch.carried])
    yield from addresses_of_pages(carried)
    # Lists of columns that were there before have got longer.
    touched = Column.objects.filter(pk__in=set(switch.pages.values()), live=True)
    yield from addresses_of_columns(touched)
