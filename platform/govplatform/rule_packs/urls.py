"""Screens that show rule packs, in the supervising office's console."""

from django.urls import path

from . import views

urlpatterns = [
    path("rule-packs/", views.RulePacksView.as_view(), name="rule_packs"),
    path("rule-packs/<str:code>/", views.RulePackView.as_view(), name="rule_pack"),
]
