"""The forms of pictures and attachments: Wagtail's, with the limit of a file known to the browser."""

from typing import Any

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from govplatform.upload_limits import limit_in_browser


class ImageForm(BaseImageForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("file")) is not None:
            limit_in_browser(field, field.max_upload_size)


class DocumentForm(BaseDocumentForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("file")) is not None:
            limit_in_browser(field, field.max_upload_size)
