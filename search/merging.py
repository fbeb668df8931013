"""What a merge of sites means for what can be found (``govplatform.lifecycle.merge``).

The library names the destination with the switch, and results are compared with the library: they lead there from that
commit on. The documents follow by a job.
"""

from govplatform.lifecycle.merge.parts import MergePart, Switch
from govplatform.tenancy.jobs import enqueue

INDEX_SITES = "search.tasks.index_sites"


class SearchPart(MergePart):
    """Documents of the source name the destination, and back."""

    def switch(self, switch: Switch) -> None:
        """Have the documents of both sites written again, once the merge has committed."""
        _write_again(switch)

    def take_back(self, switch: Switch) -> None:
        """The same, when everything is as it was."""
        _write_again(switch)


def _write_again(switch: Switch) -> None:
    sites = [switch.source.pk, switch.destination.pk]
    enqueue(INDEX_SITES, in_schema="public", on_behalf_of=switch.destination.schema_name, tenant_ids=sites)
