"""The screens of review sheets, inside Wagtail's admin."""

from django.urls import path

from .views import SheetsView, page_sheet

urlpatterns = [
    path("review/sheets/", SheetsView.as_view(), name="review_sheets"),
    path("review/<int:page_id>/sheet/", page_sheet, name="review_sheet"),
]
