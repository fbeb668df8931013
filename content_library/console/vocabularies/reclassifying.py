"""The screens that change the class of many resources at once: choose, see what it means, watch, take back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.review.frame.forms import show_refusal
from govplatform.tenancy.models import Tenant

from ...resources.reclassification import bulk_reclassify, progress, reclassify_preview, undo_reclassify
from ...vocabularies.forms import ReclassifyForm
from ...vocabularies.models import Reclassification
from ...vocabularies.queries import get_term, term_label
from .frame import VocabularyScreen


class ReclassifyView(VocabularyScreen):
    template_name = "vocabularies/reclassify.html"
    managing = True

    def get_page_title(self) -> str:
        return _("批量改类")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form(None))
        return super().get_context_data(back=self.term_url(), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        given = form.cleaned_data
        target = get_term(self.vocabulary.code, given["target"])
        if target is None:
            form.add_error("target", _("请从列表中选择一个词条。"))
            return self.render_to_response(self.get_context_data(form=form), status=400)
        tenant = Tenant.objects.filter(code=given["site"]).first() if given["site"] else None
        try:
            if "confirm" in request.POST:
                user: Any = request.user
                order = bulk_reclassify(self.term, target, acting_user=user, tenant=tenant, reason=given["reason"])
                return HttpResponseRedirect(reverse("vocabularies_reclassification", args=[order.pk]))
            preview = reclassify_preview(self.term, target, tenant)
        except Refused as refusal:
            show_refusal(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=400)
        label = term_label(self.vocabulary.code, target.code)
        return self.render_to_response(self.get_context_data(form=form, preview=preview, target_label=label))

    def _form(self, data: Any) -> ReclassifyForm:
        return ReclassifyForm(data, vocabulary=self.vocabulary, label=_("改到哪个词条"))


class OrderView(VocabularyScreen):
    """The progress of a reclassification, as JSON for a request that accepts it. POST takes it back."""

    template_name = "vocabularies/reclassification.html"
    managing = True

    def get_page_title(self) -> str:
        return _("批量改类")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = self._order()
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(progress(self.order))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.order = self._order()
        user: Any = request.user
        try:
            undo_reclassify(self.order, acting_user=user)
        except Refused as refusal:
            messages.error(request, "".join(refusal.reasons))
        return HttpResponseRedirect(reverse("vocabularies_reclassification", args=[self.order.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.order
        vocabulary = order.source.vocabulary
        return super().get_context_data(
            order=order,
            source=term_label(vocabulary, order.source.code),
            # The label with that of its top term, as it was chosen.
            target=term_label(vocabulary, order.target.code),
            **kwargs,
        )

    def _order(self) -> Reclassification:
        found = Reclassification.objects.select_related("source", "target", "tenant", "requested_by")
        return get_object_or_404(found, pk=self.kwargs["reclassification_id"])  # type: ignore[attr-defined]
