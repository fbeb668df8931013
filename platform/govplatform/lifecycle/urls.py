"""Addresses of the operators' screens about sites, in the console tenant."""

from django.urls import path

from . import record_views, views
from .batches import views as batches
from .merge.views import MergePlanView

urlpatterns = [
    path("fleet/", views.FleetView.as_view(), name="lifecycle_sites"),
    path("fleet/faults/", views.FaultsView.as_view(), name="lifecycle_faults"),
    path("fleet/queues/", views.QueuesView.as_view(), name="lifecycle_queues"),
    path("fleet/merge/", MergePlanView.as_view(), name="lifecycle_merge_plan"),
    path("fleet/new/", views.NewSiteView.as_view(), name="lifecycle_new_site"),
    path("fleet/sites/<slug:code>/", record_views.SiteRecordView.as_view(), name="lifecycle_site_record"),
    path("fleet/openings/<int:opening_id>/", views.OpeningView.as_view(), name="lifecycle_opening"),
    path("fleet/batches/new/", batches.NewBatchView.as_view(), name="lifecycle_new_batch"),
    path("fleet/batches/empty/", batches.TemplateFileView.as_view(), name="lifecycle_batch_template"),
    path("fleet/batches/<int:batch_id>/", batches.BatchView.as_view(), name="lifecycle_batch"),
    path("fleet/batches/<int:batch_id>/faults/", batches.FaultsFileView.as_view(), name="lifecycle_batch_faults"),
]
