"""Screens of solicitations and surveys, below ``admin/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("surveys/", views.SurveysView.as_view(), name="surveys"),
    path("surveys/<int:survey_id>/", views.SurveyView.as_view(), name="survey"),
]
