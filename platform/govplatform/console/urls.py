"""Addresses of a console host: sign-in, our own screens, Wagtail's admin. Who may use them: ``admission.py``."""

from collections.abc import Callable
from typing import Any

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from govplatform.accounts import urls as account_urls

from . import page_editing, private_files
from .reading import reads_anything
from .writing import chain_first

_EDITING = (
    path(
        "pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        require_admin_access(page_editing.PageCreateView.as_view()),
        name="page_create",
    ),
    path("pages/<int:page_to_move_id>/move/", require_admin_access(page_editing.move_page), name="page_move"),
    path("pages/<int:page_id>/copy/", require_admin_access(page_editing.copy_page), name="page_copy"),
    path("pages/<int:page_id>/edit/", require_admin_access(page_editing.PageEditView.as_view()), name="page_edit"),
    path(
        "pages/<int:page_id>/revisions/<int:revision_id>/revert/",
        require_admin_access(page_editing.PageRevertView.as_view()),
        name="page_revert",
    ),
)


def _wagtails(view: Callable[..., Any]) -> Callable[..., Any]:
    return reads_anything(chain_first(view))


_OWN = (*account_urls.urlpatterns, *decorate_urlpatterns(_EDITING, _wagtails))

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/", permanent=False), name="console_root"),
    path("admin/", include(list(_OWN))),
    path("admin/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, _wagtails))),
    path("documents/<int:document_id>/<path:name>", private_files.document, name="wagtaildocs_serve"),
    path("media/<str:schema>/<path:name>", private_files.media, name="console_media"),
]
handler400 = "govplatform.console.addresses.bad_request"
handler403 = "govplatform.console.addresses.forbidden"
handler404 = "govplatform.console.addresses.not_found"
handler500 = "govplatform.console.addresses.broken"
