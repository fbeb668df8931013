"""Screens of the review, inside Wagtail's admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("review/", views.QueueView.as_view(), name="review_queue"),
    path("review/published/", views.PublishedView.as_view(), name="review_published"),
    path("review/<int:page_id>/", views.ReviewView.as_view(), name="review_page"),
    path("review/<int:page_id>/preview/", views.preview, name="review_preview"),
    path("review/<int:page_id>/take-back/", views.TakeBackView.as_view(), name="review_take_back"),
    path("review/<int:page_id>/withdraw/", views.WithdrawView.as_view(), name="review_withdraw"),
]
