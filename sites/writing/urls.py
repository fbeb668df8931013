"""The addresses of 写稿 in the console, below ``admin/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("writing/paste/", views.paste, name="writing_paste"),
    path("writing/tidy/", views.tidy, name="writing_tidy"),
]
