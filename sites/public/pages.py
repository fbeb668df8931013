"""Pages as citizens get them: found by address in one statement, rendered from the theme."""

from django.http import Http404, HttpRequest, HttpResponse

from sites.pages.rows import find_live_page

from .access import for_citizens
from .errors import HOME_SLUG


@for_citizens
def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """The live page at ``path``. Raises Http404."""
    found = find_live_page(f"/{HOME_SLUG}/{path}")
    if found is None:
        raise Http404
    response: HttpResponse = found.serve(request)
    return response


@for_citizens
def feed(request: HttpRequest, path: str) -> HttpResponse:
    """RSS of the column at ``path``. Raises Http404 for every other kind of page."""
    column = find_live_page(f"/{HOME_SLUG}/{path}")
    if not hasattr(column, "serve_feed"):
        raise Http404
    response: HttpResponse = column.serve_feed(request)  # type: ignore[union-attr]
    return response
