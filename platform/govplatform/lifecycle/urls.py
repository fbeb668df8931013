"""Addresses of the operators' screens about sites, in the console tenant; those of applications on every site."""

from django.urls import path

from . import record_views, views
from .applications import views as applications
from .backups.views import ReturnView
from .batches import views as batches
from .ending import views as ending
from .merge.views import MergePlanView, MergesView, MergeView

urlpatterns = [
    path("site-applications/", applications.ApplicationsView.as_view(), name="site_applications"),
    path("site-applications/new/", applications.NewApplicationView.as_view(), name="site_application_new"),
    path("site-applications/<int:number>/", applications.ApplicationView.as_view(), name="site_application"),
    path("site-applications/papers/<int:number>/", applications.PaperView.as_view(), name="site_application_paper"),
    path("fleet/", views.FleetView.as_view(), name="lifecycle_sites"),
    path("fleet/faults/", views.FaultsView.as_view(), name="lifecycle_faults"),
    path("fleet/queues/", views.QueuesView.as_view(), name="lifecycle_queues"),
    path("fleet/merge/", MergePlanView.as_view(), name="lifecycle_merge_plan"),
    path("fleet/merges/", MergesView.as_view(), name="lifecycle_merges"),
    path("fleet/merges/<int:number>/", MergeView.as_view(), name="lifecycle_merge"),
    path("fleet/new/", views.NewSiteView.as_view(), name="lifecycle_new_site"),
    path("fleet/dumps/", ending.DumpsView.as_view(), name="lifecycle_dumps"),
    path("fleet/dumps/<int:number>/", ending.WorkView.as_view(), name="lifecycle_dump"),
    path("fleet/dumps/restore/<str:name>/", ending.RestoreView.as_view(), name="lifecycle_restore"),
    path("fleet/sites/<slug:code>/ending/", ending.EndingView.as_view(), name="lifecycle_ending"),
    path("fleet/sites/<slug:code>/returning/", ReturnView.as_view(), name="lifecycle_return"),
    path("fleet/sites/<slug:code>/", record_views.SiteRecordView.as_view(), name="lifecycle_site_record"),
    path("fleet/openings/<int:opening_id>/", views.OpeningView.as_view(), name="lifecycle_opening"),
    path("fleet/batches/new/", batches.NewBatchView.as_view(), name="lifecycle_new_batch"),
    path("fleet/batches/empty/", batches.TemplateFileView.as_view(), name="lifecycle_batch_template"),
    path("fleet/batches/<int:batch_id>/", batches.BatchView.as_view(), name="lifecycle_batch"),
    path("fleet/batches/<int:batch_id>/faults/", batches.FaultsFileView.as_view(), name="lifecycle_batch_faults"),
]
