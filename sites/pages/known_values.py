"""What most pages of a column say alike, so that nobody types it: source, issuing body and what classifies a page."""

from typing import Any

from content_library.vocabularies.queries import is_selectable
from govplatform.tenancy.current import current_tenant

#: field of a page -> vocabulary of its terms, '' for words. A column names each as ``default_<field>``.
KNOWN_FIELDS = (
    ("source", ""),
    ("issued_by", ""),
    ("document_kind", "kind"),
    ("subject_class", "subject"),
    ("audience", ""),
)


def known_values(column: Any) -> dict[str, str]:
    """Return ``{field: value}`` that a new page below ``column`` (specific) begins with; only fields that are known.

    A column's own setting comes before that of the columns above it. Without any, the source is the responsible unit of
    the column or the site's organiser, and the issuing body the organiser. A term no longer in use is left out.
    """
    tenant = current_tenant()
    organiser = tenant.organiser or tenant.full_name
    known = {"source": getattr(column, "responsible_unit", "") or organiser, "issued_by": organiser}
    above = [column, *reversed(column.get_ancestors().filter(depth__gt=2).specific())]
    for name, vocabulary in KNOWN_FIELDS:
        set_here = next((value for one in above if (value := getattr(one, f"default_{name}", ""))), "")
        if set_here and (not vocabulary or is_selectable(vocabulary, set_here, "")):
            known[name] = set_here
    return known
