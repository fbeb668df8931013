"""The address book of the sites: what the ledger asks them (``govplatform.addresses.known.AddressBook``)."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse

from govplatform.addresses.known import Answer, KnownAddress, PastAddress
from govplatform.cases.addresses import (
    ASK,
    FIGURES,
    INTERVIEW,
    LETTERS,
    REPORT_ERROR,
    REPORTED_ERRORS,
    REQUEST_INFORMATION,
    UNIT,
    WRITE,
)
from govplatform.tenancy.models import Tenant
from sites.public.errors import MADE_ANEW, closed_page, closing_notice, kept_path, unknown_page
from sites.surveys.addresses import SURVEYS

from .content import content_addresses, past_pages
from .frame import frame_addresses


class SiteBook:
    """The book of every site of this installation."""

    made_anew = MADE_ANEW
    doors = frozenset({ASK, WRITE, REPORT_ERROR, REPORTED_ERRORS, REQUEST_INFORMATION, LETTERS, FIGURES})
    doors_below = (UNIT,)
    doors_of_pages = (INTERVIEW, SURVEYS)

    def public_addresses(self) -> Iterator[KnownAddress]:
        """Every address that citizens can open on the current site now."""
        yield from frame_addresses()
        yield from content_addresses()

    def past_addresses(self) -> Iterator[PastAddress]:
        """Pages that were public on the current site and came down."""
        yield from past_pages()

    def kept_open(self, tenant: Tenant) -> str:
        """The path of the migration notice of ``tenant``, while that is up; '' when it is not."""
        return kept_path(tenant)

    def kept_page(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """The migration notice of ``tenant``, where it stood."""
        return closing_notice(request, tenant)

    def gone_page(self, request: HttpRequest, tenant: Tenant, answer: Answer) -> HttpResponse:
        """410 in the look of ``tenant``, without a query of its schema."""
        return closed_page(request, tenant, answer)

    def unknown_page(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """404 in the look of ``tenant``, without a query of its schema."""
        return unknown_page(request, tenant)


BOOK = SiteBook()
