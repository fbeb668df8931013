"""Screens of archives in the supervising office's console: list, make, progress, download, verify."""

import zipfile
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.screens.screen import Screen
from govplatform.digests import CHUNK
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import archive_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from .actions import request_archive, request_verification
from .models import Archive
from .package.certificate import fingerprint
from .package.layout import Names
from .package.opening import NoArchive, read_certificate
from .permissions import KEEPERS, may_keep_archives
from .queries import archives
from .tasks import make_requested_archive, verify_kept_archive


class ArchiveScreen(Screen):
    """A screen about archives, in the console tenant alone, for operators and supervisors."""

    header_icon = "folder-open-inverse"
    roles = KEEPERS

    def may_open(self) -> bool:
        return may_keep_archives(self.request.user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("archives"), _t("网站归档"))]


class NewArchiveForm(forms.Form):
    """Which site, and which column of it."""

    site = forms.ModelChoiceField(
        label=_("站点"), queryset=Tenant.objects.none(), to_field_name="code", empty_label=_("请选择站点")
    )
    column = forms.SlugField(
        label=_("栏目的地址段"),
        required=False,
        help_text=_("不填则归档整个网站；填栏目的地址段则只归档这个栏目。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = public_sites().filter(dropped_at=None)  # type: ignore[attr-defined]


class ArchivesView(ArchiveScreen):
    """All archives, and the form that asks for another."""

    template_name = "archive/console/archives.html"
    page_title = _("网站归档")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", NewArchiveForm(initial=self.asked("site")))
        page = self.page_of(archives())
        rows = [{"archive": archive, "reader": reader_address(archive)} for archive in page]
        return super().get_context_data(page=page, rows=rows, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewArchiveForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            with transaction.atomic():
                archive = request_archive(
                    form.cleaned_data["site"], acting_user=self.user(), column=form.cleaned_data["column"]
                )
                make_requested_archive.enqueue(archive.pk)
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        return redirect("archive", archive.pk)


class OneArchiveScreen(ArchiveScreen):
    """A screen about the archive that the address names."""

    archive: Archive

    def find(self, **named: Any) -> HttpResponseBase | None:
        self.archive = get_object_or_404(archives(), pk=named["archive_id"])
        return None


class ArchiveView(OneArchiveScreen):
    """One archive with its progress and what was found in it; asked for as JSON, its progress alone."""

    template_name = "archive/console/archive.html"

    def get_page_title(self) -> str:
        return _t("归档：%(site)s") % {"site": self.archive.tenant.full_name}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(news_of(self.archive))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        archive = self.archive
        return super().get_context_data(
            archive=archive,
            news=news_of(archive),
            reader=reader_address(archive),
            key=signed_with(archive),
            is_there=archive.state == Archive.State.DONE and Path(archive.folder).is_dir(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Have it verified."""
        try:
            with transaction.atomic():
                request_verification(self.archive, acting_user=self.user())
                verify_kept_archive.enqueue(self.archive.pk, self.user().pk)
        except Refused as refusal:
            self.tell(refusal)
        return redirect("archive", self.archive.pk)


class DownloadView(OneArchiveScreen):
    """The archive as a file: for viewers (``wacz``), or the whole bag as a ZIP (``bag``)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        folder = Path(self.archive.folder)
        names = Names(self.archive.name)
        # Whatever part is missing, the download would end in the middle without a word.
        whole = bool(self.archive.folder) and all((folder / name).is_file() for name in names.everything())
        if self.archive.state != Archive.State.DONE or not whole:
            raise Http404
        if kwargs["form"] == "wacz":
            try:
                return FileResponse(
                    (folder / names.wacz).open("rb"), as_attachment=True, filename=f"{names.name}.wacz",
                    content_type="application/wacz",
                )  # fmt: skip
            except FileNotFoundError:
                raise Http404 from None
        return as_download(
            StreamingHttpResponse(_zipped(folder, names), content_type="application/zip"), f"{names.name}.zip"
        )


def reader_address(archive: Archive) -> str:
    """Where the archive is read; '' when it is not finished, was found faulty, or there is no reader."""
    if archive.state != Archive.State.DONE or archive.verdict == Archive.Verdict.FAULTY:
        return ""
    return archive_url(f"/{archive.pk}/")


def signed_with(archive: Archive) -> str:
    """The fingerprint of the key that the archive names; '' when it cannot be read."""
    if archive.state != Archive.State.DONE:
        return ""
    try:
        return fingerprint(str(read_certificate(Path(archive.folder))["signature"]["key"]))
    except (NoArchive, KeyError, TypeError, ValueError):
        return ""


def news_of(archive: Archive) -> dict[str, Any]:
    """How far the archive is, for ``console/batch.js``: ``{"running", "label", "done", "total", "pace"}``."""
    verifying = archive.verdict == Archive.Verdict.RUNNING
    return {
        "running": archive.working or verifying,
        "label": archive.get_verdict_display() if verifying else archive.get_state_display(),
        "done": archive.done,
        "total": max(archive.total, 1),
        "pace": _pace(archive),
    }


def _pace(archive: Archive) -> str:
    if archive.state != Archive.State.RUNNING or archive.started_at is None or not archive.done:
        return ""
    seconds = max((timezone.now() - archive.started_at).total_seconds(), 0.1)
    left = max(archive.total - archive.done, 0) * seconds / archive.done
    return _t("每秒 %(rate)d 个，约需 %(left)d 秒") % {"rate": archive.done / seconds, "left": left}


class _Pieces(RawIOBase):
    """What a ZIP is written to, taken away piece by piece."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self.held)
        self.held.clear()
        return taken


def _zipped(folder: Path, names: Names) -> Iterator[bytes]:
    """The files of the bag, stored as they are, in a folder of the archive's name."""
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED, allowZip64=True) as made:  # type: ignore[arg-type]
        for name in names.everything():
            info = zipfile.ZipInfo(f"{names.name}/{name}")
            with (folder / name).open("rb") as source, made.open(info, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield pieces.take()
    yield pieces.take()
