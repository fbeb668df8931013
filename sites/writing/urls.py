"""The addresses of 写稿 in the console, below ``admin/``."""

from django.urls import path

from . import placing_views, views

urlpatterns = [
    path("writing/paste/", views.paste, name="writing_paste"),
    path("writing/unpaste/", views.unpaste, name="writing_unpaste"),
    path("writing/place/<int:page_id>/", placing_views.PlaceView.as_view(), name="writing_place"),
    path("writing/tidy/", views.tidy, name="writing_tidy"),
    path("writing/check/", views.check, name="writing_check"),
]
