"""The screens that show the vocabularies: overview, tree, export, and suggestions for the editor."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from govplatform.accounts.screens.screen import opens_like
from govplatform.downloads import as_download

from ...resources.reclassification import usage_counts
from ...vocabularies.exchange import export_terms
from ...vocabularies.kinds import VOCABULARIES
from ...vocabularies.models import Reclassification
from ...vocabularies.queries import TermNode, term_label, terms_of, tree, waiting_codes
from ...vocabularies.suggestions import suggest_terms
from .frame import VocabularyScreen, find_vocabulary, is_manager_here


class VocabulariesView(VocabularyScreen):
    template_name = "vocabularies/overview.html"
    page_title = _("分类词表")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = []
        for vocabulary in VOCABULARIES.values():
            terms = terms_of(vocabulary.code).values()
            active = sum(row.active for row in terms)
            rows.append({"vocabulary": vocabulary, "active": active, "retired": len(terms) - active})
        managing = is_manager_here(self.request.user)
        orders = Reclassification.objects.select_related("source", "target", "tenant", "requested_by")[:10]
        return super().get_context_data(rows=rows, managing=managing, orders=orders if managing else [], **kwargs)


class TreeView(VocabularyScreen):
    """The terms of a vocabulary with a search; for managers with the buttons that put them in order."""

    template_name = "vocabularies/tree.html"

    def get_page_title(self) -> str:
        return str(self.vocabulary.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.get("q", "").strip()[:60]
        with_retired = self.request.GET.get("retired") == "1"
        managing = is_manager_here(self.request.user)
        waiting = waiting_codes(self.vocabulary.code) if managing else frozenset()
        nodes = tree(self.vocabulary.code, retired=with_retired or bool(query), query=query, besides=waiting)
        counts = usage_counts(self.vocabulary.code)
        rows = []
        for node in nodes:
            rows.append({**self._row(node, counts, below=0), "waits": node.row.code in waiting})
            rows += [
                {**self._row(child, counts, below=1), "waits": child.row.code in waiting} for child in node.children
            ]
        return super().get_context_data(
            rows=rows,
            query=query,
            with_retired=with_retired,
            managing=managing,
            # A search hides siblings, so that moving up or down would seem to do nothing or too much.
            sortable=managing and not query,
            **kwargs,
        )

    def _row(self, node: TermNode, counts: dict[str, int], *, below: int) -> dict[str, Any]:
        own = counts.get(node.row.code, 0)
        total = own + sum(counts.get(child.row.code, 0) for child in node.children)
        return {
            "term": node.row,
            "below": below,
            "own": own,
            "total": total,
            "answers": term_label(self.vocabulary.code, node.row.code) if node.row.merged_into else "",
        }


@opens_like(VocabulariesView)
@require_GET
def export(request: HttpRequest, vocabulary: str) -> HttpResponse:
    """Return the vocabulary as CSV."""
    found = find_vocabulary(vocabulary)
    return as_download(
        HttpResponse(export_terms(found.code), content_type="text/csv; charset=utf-8"), f"{found.label}.csv"
    )


@opens_like(VocabulariesView)
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """Return ``{"terms": [{"code", "label", "name", "why"}]}`` for posted ``vocabulary``, ``title``, ``text``."""
    vocabulary = find_vocabulary(request.POST.get("vocabulary", "")).code
    found = suggest_terms(request.POST.get("text", ""), request.POST.get("title", ""), vocabulary)
    return JsonResponse(
        {
            "terms": [
                {
                    "code": one.term.code,
                    "label": term_label(vocabulary, one.term.code),
                    "name": one.term.label,
                    "why": one.why,
                }
                for one in found
            ]
        }
    )
