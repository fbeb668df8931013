"""The views of pages and feeds on the public host: found by address, rendered from the theme."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.common import no_append_slash

from sites.pages.rows import find_live_page

from .access import for_citizens
from .errors import HOME_SLUG


# A slash is added where there is a page behind it alone (errors.not_found): any other address is answered at once.
@no_append_slash
@for_citizens
def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer with the live page at ``path`` (empty: the home page). Raise Http404 when there is none."""
    found = find_live_page(f"/{HOME_SLUG}/{path}")
    if found is None:
        raise Http404
    response: HttpResponse = found.serve(request)
    return response


@for_citizens
def feed(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with the RSS feed of the column at ``path``. Raise Http404 when there is none or the page is no column."""
    column = find_live_page(f"/{HOME_SLUG}/{path}")
    if not hasattr(column, "serve_feed"):
        raise Http404
    response: HttpResponse = column.serve_feed(request)  # type: ignore[union-attr]
    return response
