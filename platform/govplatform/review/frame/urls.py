"""Screens of the frame's words, inside Wagtail's admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("frame-texts/", views.FrameTextsView.as_view(), name="frame_texts"),
    path("frame-pictures/<int:number>/", views.FramePictureView.as_view(), name="frame_picture"),
    path("frame-texts/<int:number>/", views.FrameTextView.as_view(), name="frame_text"),
]
