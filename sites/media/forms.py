"""The forms of pictures and attachments: Wagtail's, with the limit of a file known to the browser, and with the same
checks at every door: one by one, many at once, in a chooser, dropped into a text.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from govplatform.upload_limits import limit_in_browser

from .fields import PictureField
from .file_checks import plain_words, require_what_its_name_says, shortened


class _CheckedFile:
    """Asks the file what ``file_checks`` ask, when it is a new one."""

    cleaned_data: dict[str, Any]
    changed_data: Any

    def clean_title(self) -> str:
        title = plain_words(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("标题里没有看得见的字，请填写标题。"), code="required")
        return title

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and "file" in self.changed_data:
            require_what_its_name_says(file)
            file.name = shortened(str(file.name))
        return file


class ImageForm(_CheckedFile, BaseImageForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("file")) is not None:
            self.fields["file"] = PictureField.like(field)


class DocumentForm(_CheckedFile, BaseDocumentForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("file")) is not None:
            limit_in_browser(field, field.max_upload_size)
