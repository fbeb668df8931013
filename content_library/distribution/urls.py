"""Addresses of pushes and recalls below the console's ``admin/``."""

from django.urls import path

from .views import incoming, pushing, recalls, standing

urlpatterns = [
    path("pushes/", pushing.PushesView.as_view(), name="pushes"),
    path("pushes/new/", pushing.NewPushView.as_view(), name="pushes_new"),
    path("pushes/<int:number>/", pushing.PushView.as_view(), name="pushes_push"),
    path("recalls/", recalls.RecallsView.as_view(), name="pushes_recalls"),
    path("recalls/new/", recalls.NewRecallView.as_view(), name="pushes_new_recall"),
    path("recalls/<int:number>/", recalls.RecallView.as_view(), name="pushes_recall"),
    path("incoming/", incoming.IncomingView.as_view(), name="pushes_incoming"),
    path("incoming/standing/<int:number>/", standing.StandingView.as_view(), name="pushes_standing"),
]
