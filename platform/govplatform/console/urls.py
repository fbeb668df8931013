"""Addresses of a console host: sign-in, Wagtail's admin, our own screens."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

from govplatform.accounts import urls as account_urls

from . import private_files

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/", permanent=False)),
    path("admin/", include(account_urls)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/<path:name>", private_files.document, name="wagtaildocs_serve"),
    path("media/<str:schema>/<path:name>", private_files.media),
]
