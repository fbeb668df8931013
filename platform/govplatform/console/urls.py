"""Addresses of a console host: sign-in, our own screens, then what is left of Wagtail's admin."""

from collections.abc import Callable
from typing import Any

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from govplatform.accounts import urls as account_urls

from . import page_editing, private_files
from .addresses import guarded
from .writing import chain_first

_EDITING = [
    path(
        "pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        require_admin_access(page_editing.PageCreateView.as_view()),
    ),
    path("pages/<int:page_id>/edit/", require_admin_access(page_editing.PageEditView.as_view())),
    path(
        "pages/<int:page_id>/revisions/<int:revision_id>/revert/",
        require_admin_access(page_editing.PageRevertView.as_view()),
    ),
]
_OWN = [*account_urls.urlpatterns, *decorate_urlpatterns(_EDITING, chain_first)]


def _behind_the_chain(view: Callable[..., Any]) -> Callable[..., Any]:
    return guarded(chain_first(view))


urlpatterns = [
    path("", RedirectView.as_view(url="/admin/", permanent=False)),
    path("admin/", include(decorate_urlpatterns(_OWN, guarded))),
    path("admin/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, _behind_the_chain))),
    path("documents/<int:document_id>/<path:name>", private_files.document, name="wagtaildocs_serve"),
    path("media/<str:schema>/<path:name>", private_files.media),
]
handler403 = "govplatform.console.addresses.forbidden"
handler404 = "govplatform.console.addresses.not_found"
handler500 = "govplatform.console.addresses.broken"
