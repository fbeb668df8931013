"""What a merge of sites means for the ledger of addresses (``govplatform.lifecycle.merge``)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from wagtail.models import Page

from govplatform.addresses.entering import end_objects, enter_new, enter_public
from govplatform.addresses.known import Ending, Kind, KnownAddress
from govplatform.addresses.leading import Pair, give_back_objects, lead_objects, lead_objects_of, led_to
from govplatform.lifecycle.merge.parts import MergePart, Switch
from sites.columns.models import Column

from .content import addresses_of_pages
from .frame import addresses_of_columns, columns_with_those_above, list_addresses

_OF_PAGES = (Kind.PAGE, Kind.LIST, Kind.FEED, Kind.LIBRARY)


class LedgerPart(MergePart):
    """Every address of the source leads to where its thing is; the new addresses are public with the same commit."""

    def prepare(self, switch: Switch) -> None:
        """Enter the new addresses that were never there; the others have to wait for the chain."""
        switch.prepared["addresses"] = enter_new(switch.destination, _new_addresses(switch))
        switch.prepared["pairs"] = _pairs(switch)

    def hand_over(self, switch: Switch) -> None:
        """Lead the addresses of the source to the new ones, and those of third sites that led to it."""
        pairs = switch.prepared["pairs"]
        led = led_to(switch.source, _things(pairs), but=switch.destination)
        switch.memory["ledger"] = {"others": [list(one) for one in led]}
        lead_objects(switch.source, switch.destination, pairs)

    def switch(self, switch: Switch) -> None:
        """The same with addresses of the destination itself: those that led to the source, and those to enter again."""
        pairs = switch.prepared["pairs"]
        if led := led_to(switch.source, _things(pairs), of=switch.destination):
            switch.memory["ledger"]["others"] += [list(one) for one in led]
            lead_objects_of(switch.destination, switch.source, pairs)
        enter_public(switch.destination, switch.prepared["addresses"])

    def take_back(self, switch: Switch) -> None:
        """Lead everything to the source again; what was public in between leads there as well."""
        carried = [*(switch.pages[old] for old in switch.carried), *switch.opened]
        end_objects(switch.destination, _OF_PAGES, carried, Ending.MOVED)
        for kind, name, offset in ((Kind.FILE, "document", switch.documents), (Kind.IMAGE, "image", switch.images)):
            end_objects(switch.destination, [kind], [old + offset for old in switch.files[name]], Ending.MOVED)
        for column in columns_with_those_above(_touched(switch)):
            lists = list(list_addresses(column, column.items().exclude(pk__in=carried).count()))
            end_objects(switch.destination, [Kind.LIST], [column.pk], Ending.REPLACED, but=lists)
        pairs = _pairs(switch)
        files = (Kind.FILE, Kind.IMAGE)
        brought: list[Pair] = [pair[:3] for pair in pairs if pair[0] in files or pair[1] in switch.carried]
        # The channel stood for the home page of the source, whose own address is that of a page.
        channels = [(old, new) for old, new in switch.pages.items() if new in switch.opened]
        brought += [(str(Kind.LIST), old, new, str(Kind.PAGE)) for old, new in channels]
        others = [(pk, kind, old) for pk, kind, old in switch.memory.get("ledger", {}).get("others", [])]
        give_back_objects(switch.destination, switch.source, pairs, brought=brought, others=others)


def _pairs(switch: Switch) -> list[Pair]:
    columns = set(Column.objects.filter(pk__in=set(switch.pages.values())).values_list("pk", flat=True))
    pairs: list[Pair] = []
    for old, new in switch.pages.items():
        pairs += [(str(kind), old, new) for kind in _OF_PAGES if kind != Kind.PAGE]
        # The home page of the source may have become a channel: columns are known as lists.
        pairs.append((str(Kind.PAGE), old, new, str(Kind.LIST)) if new in columns else (str(Kind.PAGE), old, new))
    pairs += [(str(Kind.FILE), old, old + switch.documents) for old in switch.files["document"]]
    pairs += [(str(Kind.IMAGE), old, old + switch.images) for old in switch.files["image"]]
    return pairs


def _things(pairs: list[Pair]) -> Iterator[tuple[str, int]]:
    return ((pair[0], pair[1]) for pair in pairs)


def _new_addresses(switch: Switch) -> Iterator[KnownAddress]:
    """What is public in the destination, which is the current site, since the rows are there."""
    carried = Page.objects.filter(pk__in=[switch.pages[old] for old in switch.carried])
    yield from addresses_of_pages(carried)
    yield from addresses_of_columns(_touched(switch))


def _touched(switch: Switch) -> QuerySet[Column]:
    """The columns that have got longer, those that were there before among them."""
    return Column.objects.filter(pk__in=set(switch.pages.values()), live=True)
