"""The two digests of earlier releases: what was cleared or decided by them stays so, and nothing new is.

They read every text that begins as JSON does as JSON, so that ids, doubled keys and blanks in a plain field did not
count. Whatever they are still asked for is therefore also held to the version that was cleared, which is kept.
"""

import json
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from govplatform.audit.sm3 import sm3_hex

from ..reviewed_page import counted_in_digest

if TYPE_CHECKING:
    from .digest import Numbers, ReferredFile


def old_digest(page: Page, files: "list[ReferredFile]", left_out: frozenset[str], numbers: "Numbers") -> str:
    """64 hexadecimal digits of ``page`` without the fields ``left_out``, as earlier releases reckoned."""
    content = {name: value for name, value in page.serializable_data().items() if name not in left_out}
    content = counted_in_digest(page, content)
    payload = {
        "kind": page._meta.label_lower,
        "page": numbers.page,
        "parent": numbers.parent,
        "content": {name: _normalised(value) for name, value in content.items()},
        "files": [[f.kind, f.object_id, f.sm3, *f.words] for f in files],
    }
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sm3_hex(text.encode())


def _normalised(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return _without_block_ids(json.loads(value))
        except ValueError:
            return value
    return value


def _without_block_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_block_ids(item) for item in value]
    if isinstance(value, dict):
        is_block = value.keys() == {"type", "value", "id"}
        return {key: _without_block_ids(item) for key, item in value.items() if not (is_block and key == "id")}
    return value
