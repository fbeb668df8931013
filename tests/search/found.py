"""What is live can be found."""

from content_library.models import Resource
from govplatform.tenancy.queries import get_tenant
from search.indexing.actions import index_resources, index_site
from tests.layers import layered_on_live


@layered_on_live
def found() -> None:
    """Everything that is live, as the worker would have written it."""
    index_resources(Resource.objects.values_list("pk", flat=True))
    for code in ("alpha", "beta"):
        index_site(get_tenant(code).pk)
