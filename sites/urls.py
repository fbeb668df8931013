"""The addresses of the public hosts, without admin, sign-in and session (decision 023)."""

from django.db.transaction import non_atomic_requests
from django.urls import include, path, re_path

from govplatform.delivery.release.layout import AWAY, MISSING
from sites.public import errors as public_errors
from sites.public import files as public_files
from sites.public import found_pictures
from sites.public import index as public_index
from sites.public import pages as public_pages
from sites.public import searching as public_searching
from sites.public import sitemaps as public_sitemaps

from .interaction import asking, open_answers, reporting, unit_links, writing
from .interaction.requests.form import request_information
from .interviews import public as interviews
from .reposts.files import library_file
from .surveys import public as surveys

handler400 = "sites.public.errors.bad_request"
handler404 = "sites.public.errors.not_found"
handler500 = "sites.public.errors.server_error"

#: Nothing on these hosts writes but letters and answers, which open transactions of their own: nothing waits for one.
read_only = non_atomic_requests

urlpatterns = [
    path(AWAY.removeprefix("/"), read_only(public_errors.away)),
    path(MISSING.removeprefix("/"), read_only(public_errors.missing)),
    path("robots.txt", read_only(public_index.robots)),
    path("favicon.ico", read_only(public_index.icon)),
    path("sitemap.xml", read_only(public_sitemaps.sitemap_xml)),
    path("sitemap/", read_only(public_index.site_map)),
    path("error-report/", read_only(public_index.error_report)),
    path("documents/<int:document_id>/<path:name>", read_only(public_files.document), name="wagtaildocs_serve"),
    path("interaction/write/", read_only(writing.write)),
    path("interaction/ask/", read_only(asking.ask)),
    path("interaction/error/", read_only(reporting.report_error)),
    path("interaction/disclosure/", read_only(request_information)),
    path("interaction/errors/", read_only(reporting.reported_errors)),
    path("interaction/letters/", read_only(open_answers.letters)),
    path("interaction/unit/<str:token>/", read_only(unit_links.unit_opinion)),
    path("interaction/interview/<int:page_id>/", read_only(interviews.ask)),
    path("interaction/surveys/<int:survey_id>/", read_only(surveys.answer)),
    path("interaction/surveys/<int:survey_id>/results/", read_only(surveys.results)),
    path("interaction/statistics/", read_only(open_answers.figures)),
    path("api/library/", include("content_library.outward.urls")),
    path("api/search/", include("search.outward.urls")),
    re_path(r"^search/?$", read_only(public_searching.results)),
    path("search/pictures/<int:document_id>-<int:image_id>.jpg", read_only(found_pictures.found_picture)),
    path("opensearch.xml", read_only(public_searching.opensearch)),
    path("library/files/<str:sm3>/<path:name>", read_only(library_file)),
    re_path(r"^media/(?P<schema>[a-z0-9_]+)/(?P<name>[\w\-./]+)$", read_only(public_files.picture)),
    re_path(r"^((?:[\w\-.]+/)+)live-text/$", read_only(interviews.live_text)),
    re_path(r"^((?:[\w\-.]+/)*)$", read_only(public_pages.page), name="wagtail_serve"),
    re_path(r"^((?:[\w\-.]+/)+)feed\.xml$", read_only(public_pages.feed)),
]
