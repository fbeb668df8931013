"""The operators' screen in the console tenant."""

from django.urls import path

from .views import ConsequencesView

urlpatterns = [path("consequences/", ConsequencesView.as_view(), name="consequences")]
