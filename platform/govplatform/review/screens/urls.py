"""Screens of the review, inside Wagtail's admin."""

from django.urls import path

from ..sheets import views as sheet_views
from . import followup_views, masking_views, queue_views, views

urlpatterns = [
    path("review/", queue_views.QueueView.as_view(), name="review_queue"),
    path("review/claim/", queue_views.ClaimView.as_view(), name="review_claim"),
    path("review/hand-over/", queue_views.HandOverView.as_view(), name="review_hand_over"),
    path("review/again/", followup_views.FollowUpsView.as_view(), name="review_followups"),
    path("review/again/one/", followup_views.LookAgainView.as_view(), name="review_look_again"),
    path("review/withdraw-at-once/", followup_views.WithdrawAtOnceView.as_view(), name="review_withdraw_at_once"),
    path("review/sheets/", sheet_views.SheetsView.as_view(), name="review_sheets"),
    path("review/<int:page_id>/sheet/", sheet_views.page_sheet, name="review_sheet"),
    path("review/published/", views.PublishedView.as_view(), name="review_published"),
    path("review/<int:page_id>/", views.ReviewView.as_view(), name="review_page"),
    path("review/<int:page_id>/preview/", views.preview, name="review_preview"),
    path("review/<int:page_id>/scan/", views.scan_state, name="review_scan"),
    path("review/<int:page_id>/mask/", masking_views.MaskView.as_view(), name="review_mask"),
    path("review/<int:page_id>/take-back/", views.TakeBackView.as_view(), name="review_take_back"),
    path("review/<int:page_id>/emergency/", views.EmergencyView.as_view(), name="review_emergency"),
    path("review/<int:page_id>/withdraw/", views.WithdrawView.as_view(), name="review_withdraw"),
]
