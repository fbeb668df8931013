"""The loading of the synonyms that come along, for the demo's search."""

from govplatform.accounts.models import User
from search.models import SynonymGroup
from search.synonyms.actions import import_synonyms
from search.synonyms.written import shipped_groups


def load_synonyms(*, acting_user: User) -> None:
    """Add the groups that come along, once: what people changed of them afterwards stays as it is."""
    if not SynonymGroup.objects.exists():
        import_synonyms(shipped_groups(), acting_user=acting_user)
