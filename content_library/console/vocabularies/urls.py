"""Addresses of 分类词表 below the console's ``admin/``."""

from django.urls import path

from . import changing, reclassifying, terms

urlpatterns = [
    path("vocabularies/", terms.VocabulariesView.as_view(), name="vocabularies"),
    path("vocabularies/suggest/", terms.suggest, name="vocabularies_suggest"),
    path(
        "vocabularies/reclassifications/<int:reclassification_id>/",
        reclassifying.OrderView.as_view(),
        name="vocabularies_reclassification",
    ),
    path("vocabularies/<slug:vocabulary>/", terms.TreeView.as_view(), name="vocabularies_tree"),
    path("vocabularies/<slug:vocabulary>/add/", changing.AddView.as_view(), name="vocabularies_add"),
    path("vocabularies/<slug:vocabulary>/export/", terms.export, name="vocabularies_export"),
    path("vocabularies/<slug:vocabulary>/import/", changing.ImportView.as_view(), name="vocabularies_import"),
    path(
        "vocabularies/<slug:vocabulary>/term/<slug:term_code>/", changing.TermView.as_view(), name="vocabularies_term"
    ),
    path(
        "vocabularies/<slug:vocabulary>/term/<slug:term_code>/shift/",
        changing.ShiftView.as_view(),
        name="vocabularies_shift",
    ),
    path(
        "vocabularies/<slug:vocabulary>/term/<slug:term_code>/retire/",
        changing.RetireView.as_view(),
        name="vocabularies_retire",
    ),
    path(
        "vocabularies/<slug:vocabulary>/term/<slug:term_code>/merge/",
        changing.MergeView.as_view(),
        name="vocabularies_merge",
    ),
    path(
        "vocabularies/<slug:vocabulary>/term/<slug:term_code>/reclassify/",
        reclassifying.ReclassifyView.as_view(),
        name="vocabularies_reclassify",
    ),
]
