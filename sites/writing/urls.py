"""The addresses of 写稿 in the console, below ``admin/``."""

from django.urls import path

from . import batch_views, calendar_views, copy_views, listing_views, pin_views, placing_views, upload_views, views

urlpatterns = [
    path("writing/paste/", views.paste, name="writing_paste"),
    path("writing/unpaste/", views.unpaste, name="writing_unpaste"),
    path("writing/upload/", upload_views.upload, name="writing_upload"),
    path("writing/picture/<int:image_id>/", upload_views.picture, name="writing_picture"),
    path("writing/picture/<int:image_id>/shape/", upload_views.shape, name="writing_shape"),
    path("writing/place/<int:page_id>/", placing_views.PlaceView.as_view(), name="writing_place"),
    path("writing/pin/<int:page_id>/", pin_views.PinView.as_view(), name="writing_pin"),
    path("writing/batch/<slug:what>/", batch_views.BatchView.as_view(), name="writing_batch"),
    path("writing/copy/<int:page_id>/", copy_views.CopyView.as_view(), name="writing_copy"),
    path("writing/listing/<int:page_id>/", listing_views.ListingView.as_view(), name="writing_listing"),
    path("calendar/", calendar_views.CalendarView.as_view(), name="writing_calendar"),
    path("writing/tidy/", views.tidy, name="writing_tidy"),
    path("writing/check/", views.check, name="writing_check"),
]
