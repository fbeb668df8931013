"""The addresses of 推荐 in the console, below ``admin/``."""

from django.urls import path

from . import recommend_views

urlpatterns = [
    path("recommend/", recommend_views.ProposalsView.as_view(), name="home_proposals"),
    path("recommend/<int:page_id>/", recommend_views.RecommendView.as_view(), name="home_recommend"),
]
