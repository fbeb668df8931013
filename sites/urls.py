"""Addresses of the public host. No admin, no sign-in, no session (decision 3)."""

from django.urls import path, re_path

from . import public_files, public_index, public_pages

handler404 = "sites.public_errors.not_found"
handler500 = "sites.public_errors.server_error"

urlpatterns = [
    path("robots.txt", public_index.robots),
    path("favicon.ico", public_index.icon),
    path("sitemap.xml", public_index.sitemap_xml),
    path("sitemap/", public_index.site_map),
    path("documents/<int:document_id>/<path:name>", public_files.document, name="wagtaildocs_serve"),
    re_path(r"^media/(?P<schema>[a-z0-9_]+)/(?P<name>[\w\-./]+)$", public_files.picture),
    re_path(r"^((?:[\w\-.]+/)*)$", public_pages.page, name="wagtail_serve"),
    re_path(r"^((?:[\w\-.]+/)+)feed\.xml$", public_pages.feed),
]
