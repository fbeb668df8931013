"""The old addresses of pages that came from outside, entered into the ledger when their page goes public."""

from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from wagtail.models import Page

from govplatform.addresses.canonical import forms_of_path
from govplatform.addresses.entering import enter_past, rules_with_parameters
from govplatform.addresses.known import Ending, Kind, KnownAddress
from govplatform.tenancy.current import current_tenant_or_none

from .models import OldAddress
from .reading.addresses import key_of


def key_for(address: str) -> str:
    """Return the key of an old address: the SHA-256 of what addresses of the same page have in common."""
    return sha256(key_of(address).encode("utf-8", "replace")).hexdigest()


def may_be_led_on(address: str) -> bool:
    """Whether an old address is one that a browser can ask for, so that the ledger can lead it on.

    One that stands for a control character or is longer than the ledger keeps is none.
    """
    return bool(forms_of_path(_place_of(address)))


def enter_old_addresses(page: Page) -> None:
    """Enter the addresses that the page and its attachments had on their old site; they lead to the page from now on.

    They stand under the host of the old site, whose parameters that tell pages apart are kept with it.
    """
    tenant = current_tenant_or_none()
    if tenant is None:
        return
    rows = list(OldAddress.objects.filter(page_id=page.pk).order_by("pk"))
    for host in sorted({row.host for row in rows}):
        here = [row for row in rows if row.host == host]
        asked = [name for row in here for name, _value in parse_qsl(urlsplit(row.address).query)]
        rules = rules_with_parameters(tenant, host, asked)
        known = []
        for row in here:
            forms = forms_of_path(_place_of(row.address), rules)
            if forms:
                kind, number = (Kind.FILE, row.document_id) if row.document_id else (Kind.PAGE, page.pk)
                address = KnownAddress(forms[0].path, kind, page.title, number)
                known.append((address, Ending.MOVED.value))
        enter_past(tenant, known, host=host)


def _place_of(address: str) -> str:
    """The path of an old address with its query."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
