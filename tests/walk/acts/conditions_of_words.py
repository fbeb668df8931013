"""What rights.md says of words and terms: conditions under which their acts are allowed."""

from django.db.models import Q

from .. import product
from ..steps import Given, condition
from ..world import CONSOLE, World
from .frame import waiting_by_others
from .words import _class, _into, _owner, _term, _word

# --- what rights.md says -------------------------------------------------------------------


@condition("there is no such word")
def _no_such_word(world: World, given: Given) -> bool:
    return not product.Word.objects.filter(tenant=_owner(world, given), word=given["word"], state="active").exists()


@condition("the word is in use")
def _word_in_use(world: World, given: Given) -> bool:
    return bool(_word(world, given).state == "active")


@condition("it is ignored")
def _ignored(world: World, given: Given) -> bool:
    return _word(world, given).ignores.filter(tenant=world.tenant(given["site"])).exists()  # type: ignore[no-any-return]


@condition("it is not ignored yet")
def _not_ignored(world: World, given: Given) -> bool:
    return not _ignored(world, given)


@condition("it is allowed")
def _allowed(world: World, given: Given) -> bool:
    return product.AllowedValue.objects.filter(
        tenant=world.tenant(given["site"]), value=given["value"], state="active"
    ).exists()


@condition("it is not allowed yet")
def _not_allowed(world: World, given: Given) -> bool:
    return not _allowed(world, given)


@condition("the vocabulary takes terms")
def _takes_terms(world: World, given: Given) -> bool:
    """The ways of disclosure are the platform's own; a subject stands below one that is in use."""
    if given["vocabulary"] not in ("subject", "kind", "audience"):
        return False
    return (
        not given["below"]
        or product.Term.objects.filter(
            vocabulary=given["vocabulary"], code=given["below"], status="active", parent=None
        ).exists()
    )


@condition("nobody else's words wait for the term")
def _no_other_words(world: World, given: Given) -> bool:
    return not waiting_by_others(world, CONSOLE, "vocabularies.term", _term(world, given).pk, given["by"])


@condition("the two can become one")
def _can_merge(world: World, given: Given) -> bool:
    source, target = _term(world, given), _into(given)
    has_children = product.Term.objects.filter(parent=source).exists()
    return bool(
        source.status != "waiting"
        and source.vocabulary == target.vocabulary
        and source.pk != target.pk
        and source.merged_into_id is None
        and target.status == "active"
        and target.parent_id != source.pk
        and not (target.parent_id is not None and has_children)
    )


@condition("the term is in use")
def _term_in_use(world: World, given: Given) -> bool:
    return bool(_term(world, given).status == "active")


@condition("nothing in use is below it")
def _nothing_below(world: World, given: Given) -> bool:
    return not product.Term.objects.filter(parent=_term(world, given), status="active").exists()


@condition("the term was not merged")
def _not_merged(world: World, given: Given) -> bool:
    """And what it stands below is in use, unless it is itself still in use."""
    term = _term(world, given)
    if term.merged_into_id is not None or term.status == "waiting":
        return False
    return bool(term.status == "active" or term.parent is None or term.parent.status == "active")


@condition("there is something to reclassify")
def _something_to_reclassify(world: World, given: Given) -> bool:
    source, target = _class(given["from"]), _class(given["to"])
    if source.pk == target.pk or target.status != "active":
        return False
    codes = product.Term.objects.filter(Q(pk=source.pk) | Q(merged_into=source)).values_list("code", flat=True)
    found = product.Resource.objects.filter(subject_class__in=list(codes))
    return found.filter(**({"tenant": world.tenant(given["scope"])} if given["scope"] else {})).exists()


@condition("it is done")
def _done(world: World, given: Given) -> bool:
    return bool(product.Reclassification.objects.get(pk=world.thing(given["thing"])).state == "done")
