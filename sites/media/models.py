"""图片与附件: a site's own images and files. Only files used by cleared, live pages reach the public host."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files import File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import (
    IMAGE_FORMAT_EXTENSIONS,
    AbstractImage,
    AbstractRendition,
    Filter,
    ImageQuerySet,
    SourceImageIOError,
)

from govplatform.audit.sm3 import sm3_of_chunks
from govplatform.events.sheet import follow
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.rendering.state import require_writing
from govplatform.review.gate.digest import stored_sm3
from govplatform.review.models import Clearance, ClearedFile
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.freezing import words_of

from .events import RenditionsMade
from .kept import KeptQuerySetMixin, KeptWhileCleared

logger = logging.getLogger("govplatform.public")

#: What stays of an image file's properties: those without which the pixels would look wrong.
_KEPT = ("icc_profile", "transparency", "background", "duration", "loop", "disposal")
#: Scanners and cameras write more shades of grey than pictures for browsers have.
_DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
_NUMBERS = re.compile(r"\d+")


class _WithoutProperties(FilterOperation):  # type: ignore[misc]
    """The last operation on an image, which removes EXIF (with the place where it was taken), XMP and comments.

    Without it Willow and Pillow would write them into the new file.
    """

    vary_fields: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__("bare")

    def construct(self, *args: Any) -> None:
        pass

    def run(self, willow: Any, image: Any, env: dict[str, Any]) -> Any:
        pixels = getattr(willow, "image", None)
        if pixels is not None and hasattr(pixels, "info"):
            pixels.info = {name: value for name, value in pixels.info.items() if name in _KEPT}
            pixels._exif = None
            if pixels.mode in _DEEP:
                willow.image = pixels.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
        return willow


class BareFilter(Filter):  # type: ignore[misc]
    """A filter whose images carry nothing but their pixels and what is needed to show them, like the colour profile."""

    @property
    def filter_operations(self) -> list[Any]:
        return [*super().filter_operations, _WithoutProperties()]


class _KeptImages(KeptQuerySetMixin, ImageQuerySet):  # type: ignore[misc]
    pass


class _KeptDocuments(KeptQuerySetMixin, DocumentQuerySet):  # type: ignore[misc]
    pass


class SiteImage(KeptWhileCleared, AbstractImage):
    """An image. ``description`` (Wagtail's) is the alternative text offered when it is used."""

    cleared_kind = ClearedFile.Kind.IMAGE
    objects = _KeptImages.as_manager()

    map_number = models.CharField(
        _("审图号"), max_length=40, blank=True, help_text=_("地图必须填写审图号，例如 GS(2026)0000号。")
    )
    admin_form_fields = ("title", "description", "file", "map_number", "collection", "tags")

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        return super().generate_rendition_file(BareFilter(spec=filter.spec), source=source)

    def get_rendition(self, filter: "Filter | str") -> "SiteRendition":
        note_read(ReadOf.IMAGE, self.pk)
        return super().get_rendition(filter)  # type: ignore[no-any-return]

    def get_renditions(self, *filters: "Filter | str") -> "dict[str, SiteRendition]":
        note_read(ReadOf.IMAGE, self.pk)
        return super().get_renditions(*filters)  # type: ignore[no-any-return]

    def require_cleared_bytes(self) -> None:
        """Raise SourceImageIOError, as for a lost file, when the stored bytes are not those that were cleared.

        An image that no valid clearance names may have any bytes.
        """
        named = ClearedFile.objects.filter(
            kind=self.cleared_kind, object_id=self.pk, clearance__status=Clearance.Status.VALID
        )
        cleared = set(named.values_list("sm3", flat=True))
        if cleared and stored_sm3(self.file.storage, str(self.file.name)) not in cleared:
            logger.error("%s in storage is not what was cleared", self.file.name)
            raise SourceImageIOError(f"{self.file.name} is not what was cleared")

    def create_rendition(self, filter: Filter) -> "SiteRendition":
        """Make the image in another size and record the SM3 of it; one that is there already is returned as it is."""
        require_writing()
        require_unfrozen()
        self.require_cleared_bytes()
        file = self.generate_rendition_file(filter)
        rendition, _created = self.renditions.get_or_create(  # type: ignore[attr-defined]
            filter_spec=filter.spec,
            focal_point_key=filter.get_cache_key(self),
            defaults={"file": file, "sm3": sm3_of_file(file)},
        )
        follow(RenditionsMade(image=self, renditions=[rendition]))
        return rendition  # type: ignore[no-any-return]

    def create_renditions(self, *filters: Filter) -> dict[Filter, "SiteRendition"]:
        """Make the image in several sizes; Wagtail reads the original once for all of them.

        Wagtail asks for none where all of them are there; a frozen site goes on showing those.
        """
        if not filters:
            return {}
        if _is_frozen():
            return self._shown_before(*filters)
        require_writing()
        if len(filters) > 1:
            # Not in the threads that Wagtail computes in: they have no connection to this site.
            self.require_cleared_bytes()
        made: dict[Filter, SiteRendition] = super().create_renditions(*filters)
        if len(filters) > 1:
            made = self._as_entered(made)
            follow(RenditionsMade(image=self, renditions=list(made.values())))
        return made

    def _as_entered(self, made: dict[Filter, "SiteRendition"]) -> dict[Filter, "SiteRendition"]:
        """Return the sizes as they are in the database, which are another request's where that came first.

        Wagtail enters several at once and passes over those that are there already, but gives back its own: a page
        would name a file of which nobody knows.
        """
        rows = self.renditions.filter(filter_spec__in=[wanted.spec for wanted in made])  # type: ignore[attr-defined]
        entered = {(one.filter_spec, one.focal_point_key): one for one in rows}
        for wanted, own in made.items():
            there = entered[own.filter_spec, own.focal_point_key]
            if there.file.name != own.file.name:
                own.file.delete(save=False)
            made[wanted] = there
        return made

    def _shown_before(self, *filters: Filter) -> dict[Filter, "SiteRendition"]:
        """Return the largest of the sizes made alike for each that is wanted: a site may have been frozen before the
        platform knew that size. Raises SourceImageIOError where there is none.
        """
        widest_first = list(self.renditions.order_by("-width", "pk"))  # type: ignore[attr-defined]
        found = {}
        for wanted in filters:
            key, kind = wanted.get_cache_key(self), _NUMBERS.sub("", wanted.spec)
            for one in widest_first:
                if one.focal_point_key == key and _NUMBERS.sub("", one.filter_spec) == kind:
                    # Wagtail would keep it as the size that was asked for, also when the site is no longer frozen.
                    one._from_cache = True
                    found[wanted] = one
                    break
            else:
                require_unfrozen()
        return found

    def generate_rendition_instance(self, filter: Filter, source: Any) -> "SiteRendition":
        made: SiteRendition = super().generate_rendition_instance(filter, source)
        made.sm3 = sm3_of_file(made.file)
        return made

    @property
    def default_alt_text(self) -> str:
        return str(self.description or self.title)


class SiteRendition(AbstractRendition):
    """An image in another size. ``sm3``: of its bytes when it was made; '' until it is first asked for by
    ``recorded_sm3`` on those that were made before this was recorded.
    """

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")
    sm3 = models.CharField("SM3", max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition")
        ]

    def get_upload_to(self, filename: str) -> str:
        """Where Wagtail puts a size, below the folder of its picture: names tell pictures apart inside one alone."""
        folder, name = str(super().get_upload_to(filename)).rsplit("/", 1)
        below = PurePosixPath(str(self.image.file.name)).parts[1:-1]
        return "/".join([folder, *below, name])

    def recorded_sm3(self) -> str:
        """Return the SM3 that the bytes must have; '' when there is none and none can be had.

        Nobody knows whether bytes without a record are those that were made, so they are made anew from the original
        once, under the same name.
        """
        if not self.sm3:
            require_writing()
            try:
                self.image.require_cleared_bytes()
                file = self.image.generate_rendition_file(Filter(spec=self.filter_spec))
            except OSError:
                return ""
            self._keep_as(file, sm3_of_file(file))
        return str(self.sm3)

    def is_named_after_its_image(self) -> bool:
        """Whether the file bears the name that Wagtail gives to this size of this image (``generate_rendition_file``).

        The row alone says that a file is a size of a cleared image: one that names the file of something else would
        send that to citizens. Where the name was taken, the storage has put seven characters behind its first part;
        then no other image may be called so.
        """
        size = self.filter_spec.replace("|", ".")
        if self.focal_point_key:
            size = f"{self.focal_point_key}.{size}"
        folder, _slash, original = str(self.image.file.name).rpartition("/")
        stem, own = Path(original).stem, str(self.file.name)
        for ending in set(IMAGE_FORMAT_EXTENSIONS.values()):
            short = stem[: 59 - len(size + ending)]
            if own.startswith(self.get_upload_to(f"{short}.{size}")):
                return True
            plain = re.escape(self.get_upload_to(short))
            if taken := re.match(rf"{plain}_(\w{{7}})\.{re.escape(size)}", own, re.ASCII):
                others = SiteImage.objects.filter(file__startswith=f"{folder}/{short}_{taken[1]}.")
                return not others.exclude(pk=self.image_id).exists()
        return False

    def _keep_as(self, file: File, sm3: str) -> None:
        storage, name = self.file.storage, str(self.file.name)
        if stored_sm3(storage, name) != sm3:
            storage.delete(name)
            storage.save(name, file)
        type(self).objects.filter(pk=self.pk, sm3="").update(sm3=sm3)
        self.sm3 = sm3


def require_unfrozen() -> None:
    """Raise SourceImageIOError, as for a lost file, on a frozen site: no other size of an image is made there.

    A page that wants one shows its place empty, and is shown.
    """
    tenant = current_tenant_or_none()
    if tenant is not None and tenant.frozen:
        raise SourceImageIOError(words_of(tenant))


def _is_frozen() -> bool:
    tenant = current_tenant_or_none()
    return tenant is not None and bool(tenant.frozen)


def sm3_of_file(file: Any) -> str:
    """Return the SM3 of an open file, which is read from its beginning and left there."""

    def chunks() -> Iterator[bytes]:
        file.seek(0)
        while chunk := file.read(1 << 20):
            yield chunk

    digest = sm3_of_chunks(chunks())
    file.seek(0)
    return digest


class SiteDocument(KeptWhileCleared, AbstractDocument):
    cleared_kind = ClearedFile.Kind.DOCUMENT
    objects = _KeptDocuments.as_manager()
    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
