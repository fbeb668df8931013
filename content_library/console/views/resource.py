"""The screens of one resource: preview, facts, versions, files, uses, comparison, export."""

import io
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from content_library.distribution.reposting import origin_of, reasons_against_receiving, reasons_against_reposting
from content_library.resources.blobs import open_blob
from content_library.resources.exchange import export_resource
from content_library.resources.permissions import may_see
from content_library.resources.queries import interpretations_of, used_by
from govplatform.accounts.screens.screen import opens_like
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant

from ...models import Repost, Resource, ResourceFile, ResourceVersion
from ...resources.screen_parts import acts_on, panels_of
from ..differences import difference
from ..facts import metadata_rows
from ..forms import RepostForm
from ..permissions import (
    is_source,
    may_repost_here,
    readable_numbers,
    readable_versions,
    sees_whole_history,
    visible_uses,
)
from ..rendering import POLICY, preview_html
from .frame import LibraryScreen, find_visible

#: Beginnings of the media types that a browser may show; every other file is downloaded.
_SHOWN = ("image/", "audio/", "video/")
_MOST_USES = 200


class ResourceView(LibraryScreen):
    """The screen of one resource; ``?version=`` previews an earlier one, for those who may read it."""

    template_name = "library_console/resource.html"
    resource: Resource

    def get_page_title(self) -> str:
        return self.resource.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resource, tenant, user = self.resource, self.tenant, self.request.user
        versions = readable_versions(resource, tenant)
        shown = self._shown(versions)
        uses = visible_uses(used_by(resource), tenant)
        here = [use for use in uses if use.tenant_id == tenant.pk and use.state != Repost.State.WITHDRAWN]
        reasons = self._reasons_against_repost(here)
        may_repost = may_repost_here(user, tenant)
        return super().get_context_data(
            resource=resource,
            subject=resource.get_subject_class_display(),
            shown=shown,
            rows=metadata_rows(ResourceVersion.objects.get(pk=shown.pk)) if shown else [],
            versions=self._with_older(versions),
            whole_history=sees_whole_history(resource, tenant),
            files=_files_of(shown) if shown else [],
            uses=uses[:_MOST_USES],
            live_uses=sum(use.state == Repost.State.LIVE for use in uses),
            more_uses=max(0, len(uses) - _MOST_USES),
            here=here,
            own=is_source(resource, tenant),
            reasons=reasons,
            may_repost=may_repost,
            repost_form=RepostForm() if may_repost and not reasons else None,
            acts=acts_on(resource, tenant, user),
            panels=panels_of(resource, tenant, user),
            **self._related(),
            **kwargs,
        )

    def _shown(self, versions: list[ResourceVersion]) -> ResourceVersion | None:
        """Return the version asked for, else the current one; None when nothing may be read."""
        asked = self.request.GET.get("version", "")
        for version in versions:
            if str(version.number) == asked:
                return version
        return next((version for version in versions if version.pk == self.resource.current_id), None)

    def _with_older(self, versions: list[ResourceVersion]) -> list[dict[str, Any]]:
        """Pair each version with the readable one before it, which it can be compared with."""
        older: list[ResourceVersion | None] = [*versions[1:], None]
        return [{"version": version, "before": older[position]} for position, version in enumerate(versions)]

    def _reasons_against_repost(self, here: list[Repost]) -> list[str]:
        resource, tenant = self.resource, self.tenant
        if tenant.is_console:
            return []
        reasons = reasons_against_reposting(resource)
        reasons += reasons_against_receiving(origin_of(resource), tenant, Repost.Mode.MIRROR)
        if here:
            reasons.append(_("本站已经转载。"))
        return list(dict.fromkeys(reasons))

    def _related(self) -> dict[str, Any]:
        resource, tenant = self.resource, self.tenant
        policy = None
        if resource.interprets:
            policy = Resource.objects.select_related("tenant").filter(uuid=resource.interprets).first()
        origin = (
            Resource.objects.select_related("tenant").filter(uuid=resource.origin).first() if resource.origin else None
        )
        return {
            "policy": policy if policy is not None and may_see(policy, tenant) else None,
            "interpretations": [one for one in interpretations_of(resource) if may_see(one, tenant)],
            "origin": origin if origin is not None and may_see(origin, tenant) else None,
        }


class CompareView(LibraryScreen):
    """The comparison of two versions, ``?before=1&after=2``; without numbers, of the last two."""

    template_name = "library_console/compare.html"
    page_title = _l("版本比较")

    def crumbs(self) -> list[tuple[str, str]]:
        whole = (reverse("library_resource", args=[self.resource.uuid]), self.resource.title)
        return [*super().crumbs(), whole]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = sorted(readable_numbers(self.resource, self.tenant))
        before, after = self._number("before", numbers), self._number("after", numbers)
        versions = {v.number: v for v in self.resource.versions.filter(number__in=(before, after))}
        return super().get_context_data(
            resource=self.resource,
            numbers=numbers,
            before=versions[before],
            after=versions[after],
            difference=difference(versions[before], versions[after]),
            **kwargs,
        )

    def _number(self, name: str, numbers: list[int]) -> int:
        given = self.request.GET.get(name, "")
        if not given and numbers:
            return numbers[-1] if name == "after" else numbers[max(0, len(numbers) - 2)]
        if not given.isascii() or not given.isdigit() or int(given) not in numbers:
            raise Http404
        return int(given)


@opens_like(ResourceView)
@require_GET
def rendered(request: HttpRequest, resource_uuid: UUID, number: int) -> HttpResponse:
    """Return a version's text as an HTML page of its own, for the frame of the preview."""
    resource, version = _readable(resource_uuid, number)
    context = {"version": version, "html": preview_html(resource, version)}
    response = render(request, "library_console/rendered.html", context)
    response.headers["Content-Security-Policy"] = POLICY
    return response


@opens_like(ResourceView)
@require_GET
def file(request: HttpRequest, resource_uuid: UUID, sm3: str, name: str) -> HttpResponseBase:
    """Return a file of a version that may be read in this console; pictures, sound and film are shown inline."""
    tenant = current_tenant()
    resource = find_visible(resource_uuid, tenant)
    numbers = readable_numbers(resource, tenant)
    found = ResourceFile.objects.filter(
        version__resource=resource, version__number__in=numbers, blob_id=sm3, name=name
    ).first()
    if found is None:
        raise Http404
    try:
        stream = open_blob(sm3)
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    is_shown = found.content_type.startswith(_SHOWN) and "svg" not in found.content_type
    content_type = found.content_type if is_shown else "application/octet-stream"
    response = FileResponse(stream, content_type=content_type)
    as_download(response, found.name, shown=is_shown)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@opens_like(ResourceView)
@require_GET
def export(request: HttpRequest, resource_uuid: UUID) -> HttpResponseBase:
    """Return the resource as the file that another platform imports; 410 when it was withdrawn."""
    resource = find_visible(resource_uuid, current_tenant())
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "resource"
        try:
            number = export_resource(resource, out)
        except Refused as refusal:
            messages.error(request, "".join(refusal.reasons))
            return render(request, "library_console/withdrawn.html", {"resource": resource}, status=410)
        data = out.read_bytes()
    is_zip = data[:2] == b"PK"
    response = FileResponse(io.BytesIO(data), content_type="application/zip" if is_zip else "application/json")
    name = f"{resource.uuid}-v{number}.{'zip' if is_zip else 'json'}"
    as_download(response, name)
    return response


def _readable(uuid: UUID, number: int) -> tuple[Resource, ResourceVersion]:
    tenant = current_tenant()
    resource = find_visible(uuid, tenant)
    if number not in readable_numbers(resource, tenant):
        raise Http404
    return resource, ResourceVersion.objects.get(resource=resource, number=number)


def _files_of(version: ResourceVersion) -> list[ResourceFile]:
    # Renditions are made from the original pictures, which are listed themselves.
    found = ResourceFile.objects.filter(version=version).exclude(kind=ResourceFile.Kind.RENDITION)
    return list(found.select_related("blob"))
