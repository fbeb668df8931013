"""The hits of one page with all that is shown of them: a fixed number of statements, however many hits and sites."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from content_library.metadata import Validity
from content_library.models import Resource
from content_library.vocabularies.queries import term_label
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .asking.building import Question
from .highlighting import Segment, beginning, mark, snippet
from .models import SearchDocument, SearchText
from .narrowing import kind_labels
from .ranking import Ranked
from .registry import page_key
from .results import Found, Picture, Related, ShownOn
from .terms import answering_class, offices
from .text.folding import fold
from .truth import Present, present_documents

#: What belongs to the policies of one page at most, and to one of them.
_RELATED_AT_MOST, _OF_ONE = 200, 8
PICTURES = "/search/pictures/"


def describe_hits(shown: Sequence[Ranked], question: Question, site: Tenant | None) -> tuple[Found, ...]:
    """Return the hits of one page; what belongs to a policy document on it stands in that one's block.

    ``site``: the site that asks; what it shows is read there.
    """
    return tuple(_found(shown, question, site))


def _found(shown: Sequence[Ranked], question: Question, site: Tenant | None) -> Iterator[Found]:
    texts = {row.pk: row for row in SearchText.objects.filter(pk__in=[one.present.id for one in shown])}
    blocks = _blocks([one.present for one in shown])
    in_blocks = {related.id for block in blocks.values() for related in block}
    every = [*(one.present for one in shown), *(related for block in blocks.values() for related in block)]
    tenants = _tenants({place[0] for document in every for place in document.places})
    runs, kinds, known = question.runs(), kind_labels(), offices()
    validities = {str(value): str(label) for value, label in Validity.choices}
    for one in shown:
        document = one.present
        if document.id in in_blocks or document.id not in texts:
            continue
        stretch, attachment = _snippet(document, texts[document.id], runs)
        sites = _shown_on(document, tenants, site)
        yield Found(
            id=document.id,
            title=mark(document.title, runs),
            url=sites[0].url,
            site=sites[0],
            sites=sites,
            kind=document.kind,
            kind_label=_kind_label(document, kinds),
            document_number=document.document_number,
            index_number=document.index_number,
            organisation=term_label("organisation", document.organisation),
            organisation_code=known.answering(document.organisation),
            topic=term_label("subject", document.subject_class),
            topic_code=answering_class(document.subject_class),
            published_at=document.published_at,
            issued_on=document.issued_on,
            validity=document.validity,
            validity_label=validities.get(document.validity, ""),
            snippet=stretch,
            attachment=attachment,
            picture=_picture(document),
            related=tuple(_related(related, tenants, site, kinds) for related in blocks.get(document.id, [])),
        )


def _kind_label(document: Present, kinds: dict[str, str]) -> str:
    return _("办事指南") if document.guide else kinds.get(document.kind, document.kind)


def _picture(document: Present) -> Picture | None:
    """Return the picture, by an address of whichever site was asked: a page of results asks no other host."""
    if not document.picture:
        return None
    return Picture(f"{PICTURES}{document.id}-{document.picture['image']}.jpg", document.picture["alt"])


def _snippet(document: Present, texts: SearchText, runs: Sequence[str]) -> tuple[tuple[Segment, ...], str]:
    """Return the stretch in which the words stand, and the attachment that it is of ('' for the text)."""
    if found := snippet(texts.text, runs):
        return found, ""
    if any(run in fold(document.title) for run in runs):
        return beginning(document.summary or texts.text), ""
    for attachment in texts.attachments:
        if found := snippet(attachment["text"], runs) or snippet(attachment["title"], runs):
            return found, attachment["title"]
    return beginning(document.summary or texts.text), ""


def _shown_on(document: Present, tenants: dict[int, Tenant], site: Tenant | None) -> tuple[ShownOn, ...]:
    """Return the sites that show a document, the asking one first, then the source."""
    places = sorted(document.places, key=lambda place: site is None or place[0] != site.pk)
    found = [(tenants[pk], path) for pk, path in places if pk in tenants]
    return tuple(ShownOn(tenant.code, tenant.full_name, public_url(tenant, path)) for tenant, path in found)


def _blocks(documents: Sequence[Present]) -> dict[int, list[Present]]:
    """Return what belongs to the policy documents among these: id of the policy -> documents.

    What interprets it comes first, then guides to the services that rest on it, then the rest; each the oldest first.
    """
    policies = {one.uuid: one for one in documents if one.kind == Resource.Kind.POLICY}
    if not policies:
        return {}
    keys = {page_key(one.source, one.page): one.id for one in policies.values() if one.source and one.page}
    # Two questions in one statement: each has an index, and both under one "or" would have none.
    interpreting = SearchDocument.objects.filter(resource__interprets__in=list(policies), shown=True)
    resting = SearchDocument.objects.filter(about__overlap=list(keys), shown=True)
    rows = interpreting.order_by().values("pk").union(resting.order_by().values("pk")).order_by("-pk")
    found = present_documents([row["pk"] for row in rows[:_RELATED_AT_MOST]])
    blocks: dict[int, list[Present]] = {}
    for one in sorted(found.values(), key=_in_block):
        of = {policies[one.interprets].id} if one.interprets in policies else set()
        for policy in of | {keys[key] for key in one.about if key in keys}:
            if policy != one.id and len(block := blocks.setdefault(policy, [])) < _OF_ONE:
                block.append(one)
    return blocks


def _in_block(document: Present) -> tuple[bool, bool, object, int]:
    return (document.interprets is None, not document.guide, document.published_at, document.id)


def _related(document: Present, tenants: dict[int, Tenant], site: Tenant | None, kinds: dict[str, str]) -> Related:
    return Related(
        document.title,
        _shown_on(document, tenants, site)[0].url,
        document.kind,
        _kind_label(document, kinds),
        document.published_at,
    )


def _tenants(ids: Iterable[int]) -> dict[int, Tenant]:
    return {tenant.pk: tenant for tenant in Tenant.objects.filter(pk__in=set(ids)).prefetch_related("domains")}
