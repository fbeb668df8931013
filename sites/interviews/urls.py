"""Screens of interviews, below ``admin/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("interviews/", views.InterviewsView.as_view(), name="interviews"),
    path("interviews/<int:page_id>/", views.DeskView.as_view(), name="interview"),
    path("interviews/<int:page_id>/questions/", views.QuestionsView.as_view(), name="interview_questions"),
]
