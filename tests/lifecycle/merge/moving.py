"""A site that is merged at once."""

from govplatform.lifecycle.merge.carrying.running import carry
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from tests.lifecycle.life import retiring


def moved(beta, alpha, **fields):
    application = retirement_of(beta) or retiring()
    beta.refresh_from_db()
    merge = Merge.objects.create(source=beta, destination=alpha, application=application, **fields)
    carry(merge, progress=lambda *_: None)
    return merge
