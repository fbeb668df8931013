"""Screens of the frame's words, inside Wagtail's admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("frame-texts/", views.FrameTextsView.as_view(), name="frame_texts"),
    path("frame-texts/<int:number>/", views.FrameTextView.as_view(), name="frame_text"),
]
