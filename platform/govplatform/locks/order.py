"""The order in which locks are taken, as a table.

Whoever holds something of one rank asks for nothing of a rank above it, so nobody ever waits in a circle.
"""

from dataclasses import dataclass

#: Name of the platform's own audit chain; every other chain is called like the schema of its site.
PLATFORM_CHAIN = "platform"


@dataclass(frozen=True)
class Rank:
    """One step of the order of locks. ``tables``: its tables in ``public``; all tables of a site belong to PAGE."""

    name: str
    tables: tuple[str, ...] = ()


CHAIN, PAGE, RESOURCE = "chain", "page", "resource"

#: Tables in ``public`` whose rows belong to one site and are written behind its chain, like what lies in its schema.
#: Of another site only files of the library are entered that its mirrors show, and those by whoever holds the resource.
#: A notice belongs to the site that it stands on, an application to the site that filed it, a merge to both its sites.
OF_SITES = ("addresses_address", "lifecycle_siteapplication", "lifecycle_sitenotice", "lifecycle_merge")

ORDER: tuple[Rank, ...] = (
    # The audit chain of a site, or the platform's: a site's acts are recorded one after the other anyway.
    # Several are taken in the order of their names, the platform's last: opening a site ends there.
    Rank(CHAIN),
    # A page of changes from another platform is taken in under its source, and touches many resources.
    Rank("harvest source", ("harvesting_harvestsource",)),
    # Pages, revisions, workflows, scans, findings, clearances: whatever lies in the schema of a site.
    Rank(PAGE),
    # What a decision rests on: the roles it is taken by, the account, a decision made beforehand.
    Rank("people", ("accounts_membership", "accounts_user", "pushes_standingclearance")),
    Rank("index number", ("content_library_indexpattern", "content_library_indexseries")),
    Rank(RESOURCE, ("content_library_resource",)),
    # A proposal that is answered is followed by the page that shows it.
    Rank("proposal", ("pushes_homeproposal",)),
    # What is owed and what is shown of a resource: taking it back, showing it, having been asked to show it.
    Rank("recall", ("pushes_recall",)),
    Rank("receipt", ("pushes_recallreceipt",)),
    Rank("repost", ("content_library_repost",)),
    Rank("push", ("pushes_subscription", "pushes_columnmapping", "pushes_push")),
    Rank("duty", ("pushes_pushtarget",)),
    Rank("notice", ("pushes_pushnotice",)),
    # What follows an act: written when everything else of it has been.
    Rank("consequence", ("consequences_consequence",)),
    # What can be found is written by those who carry that out.
    Rank(
        "search document",
        (
            "search_filetext",
            "search_searchdocument",
            "search_searchtext",
            "search_postgresentry",
            "search_rebuild",
            "search_synonymgroup",
            "search_comparison",
            "search_difference",
        ),
    ),
    # Releases of files are put together of what everything above has come to.
    Rank("delivery", ("delivery_sitedelivery", "delivery_downlist", "delivery_deliveredfile", "delivery_change")),
)
