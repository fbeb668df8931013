"""The field that takes a picture: Wagtail's, which is asked what its head says before anything of it is decoded."""

import warnings
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.images.fields import WagtailImageField

from govplatform.upload_limits import limit_in_browser


class PictureField(WagtailImageField):  # type: ignore[misc]
    """Refuses too many pixels and a picture that breaks off in words; Wagtail decodes the whole before it counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_in_browser(self, self.max_upload_size)
        told = {"kinds": self.supported_formats_text, "most": self.max_image_pixels // 10_000}
        self.error_messages |= {
            "invalid_image": _("不是图片，或已经损坏，没有上传。图片可用 %(kinds)s。") % told,
            "invalid_image_extension": _("不是可用的图片格式，没有上传。图片可用 %(kinds)s，其他格式请另存后上传。")
            % told,
            # Filled in when it is used.
            "invalid_image_known_format": _(
                "按扩展名是 .%(extension)s，内容却是 %(image_format)s，没有上传。请用原软件另存一份，不要只改扩展名。"
            ),
            "file_too_many_pixels": _("图片超过 %(most)d 万像素，没有上传。请缩小尺寸后再上传。") % told,
            "broken": _("图片已经损坏，读不到底，没有上传。请重新导出或另存后再上传。"),
        }

    @classmethod
    def like(cls, field: WagtailImageField) -> "PictureField":
        """Return the same field as one of these."""
        return cls(label=field.label, required=field.required, widget=field.widget, disabled=field.disabled)

    def to_python(self, data: Any) -> Any:
        if hasattr(data, "read"):
            self._count(data)
        try:
            return super().to_python(data)
        except (ValidationError, MemoryError):
            raise
        except Exception as problem:
            raise ValidationError(self.error_messages["broken"], code="broken") from problem

    def _count(self, file: Any) -> None:
        """Raise ValidationError for too many pixels; what cannot be read here is said by whoever reads it."""
        too_many = ValidationError(self.error_messages["file_too_many_pixels"], code="file_too_many_pixels")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                picture = Image.open(file)
                frames = getattr(picture, "n_frames", 1)
        except Image.DecompressionBombError as bomb:
            raise too_many from bomb
        except Exception:
            return
        finally:
            file.seek(0)
        if picture.width * picture.height * frames > self.max_image_pixels:
            raise too_many
