"""The arrival of a site from outside the platform: its pages become drafts of the current site."""

from pathlib import Path

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.tenancy.models.domain import validate_host
from sites.columns.models import Column
from sites.documents_in.permissions import require_editor

from .matching import ColumnChoice
from .reading.bounds import CrawlBounds
from .survey import Progress, Survey, rules_from, survey, unpacked_crawl


def import_site(
    source: Path,
    *,
    host: str,
    acting_user: User,
    rules: str = "",
    default: Column | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Survey:
    """Bring the pages of the old site ``host`` in as drafts out of the crawl at ``source``; return what became of each.

    ``rules``: the text of a rules file, '' for none; ``default``: the column of pages that fit none; ``limit``: at most
    so many pages; ``dry_run``: nothing is made. Raises Refused for anyone but an editor, for faults in the rules, and
    for what is no crawl.
    """
    require_editor(acting_user)
    host = host.strip().lower()
    validate_host(host)
    if limit is not None and limit < 1:
        raise Refused(_("--limit 要写大于 0 的页数。"))
    chosen = rules_from(rules) if rules else []
    columns = ColumnChoice(default)
    if faults := columns.faults(chosen):
        raise Refused(faults)
    if not dry_run:
        raise Refused(_("目前只能用 --dry-run 查看报告。"))
    bounds = CrawlBounds()
    with unpacked_crawl(source, host, bounds) as entries:
        return survey(entries, host=host, rules=chosen, columns=columns, bounds=bounds, limit=limit, progress=progress)
