"""The acts of an arrival: a site from outside the platform comes in, its pages become drafts of the current site."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.addresses.resolving import site_of_host
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_schema, current_tenant
from govplatform.tenancy.hosts import is_of_the_platform
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Domain
from govplatform.tenancy.models.domain import validate_host
from govplatform.tenancy.queues import BULK, require_room
from sites.columns.models import Column
from sites.documents_in.permissions import require_editor_of_all_columns

from .keeping_pages import forget_pages
from .making import DraftMaking
from .matching import ColumnChoice
from .models import CRAWL_ENDINGS, Arrival, SurveyedAddress
from .permissions import require_preparer
from .reading.bounds import MEBIBYTE, CrawlBounds
from .survey import Progress, Survey, rules_from, survey, unpacked_crawl

#: The product's own number, below what the web server lets through; larger crawls are brought in by the verb.
LARGEST_UPLOAD = 240 * MEBIBYTE
WORK = "sites.arrivals.tasks.work_on_arrival"
_CHUNK = 1 << 20


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
    so many pages; ``dry_run``: nothing is made. What an earlier run has brought in is not made again. Raises Refused
    for anyone but an editor, for a host of another site of the platform, for faults in the rules, and for what is no
    crawl.
    """
    require_editor_of_all_columns(acting_user)
    host = _checked_host(host)
    if limit is not None and limit < 1:
        raise Refused(_("--limit 要写大于 0 的页数。"))
    chosen = rules_from(rules) if rules else []
    columns = ColumnChoice(default)
    if faults := columns.faults(chosen):
        raise Refused(faults)
    bounds = CrawlBounds()
    with unpacked_crawl(source, host, bounds) as entries:
        found = survey(entries, host=host, rules=chosen, columns=columns, bounds=bounds, limit=limit, progress=progress)
        if dry_run:
            return found
        with acting(acting_user):
            require_editor_of_all_columns(acting_user)
            arrival = Arrival.objects.create(
                host=host,
                source_name=source.name[:255],
                column=default,
                rules=rules,
                limit=limit,
                importing=True,
                started_by=acting_user,
                state=Arrival.State.RUNNING,
                total=len(found.pages),
            )
            told = {"host": host, "source": arrival.source_name, "pages": len(found.pages)}
            record_act("arrival.import", acting_user=acting_user, obj=arrival, detail=told)
        try:
            DraftMaking(arrival, found, chosen, bounds, acting_user).make(progress)
        except BaseException as error:
            reason = "".join(error.reasons) if isinstance(error, Refused) else _("中断，再次导入时接着做。")
            arrival.note(state=Arrival.State.FAILED, reason=reason)
            raise
        arrival.note(state=Arrival.State.DONE)
    return found


def upload_crawl(
    file: File,
    *,
    name: str,
    host: str,
    acting_user: User,
    column: Column | None = None,
    limit: int | None = None,
    rules: str = "",
) -> Arrival:
    """Keep an uploaded crawl of the old site ``host`` and have its report made; nothing is imported by it.

    ``name``: of the file as the person has it; the rest as for ``import_site``. Raises Refused with the field and the
    way out, before anything is kept.
    """
    require_preparer(acting_user)
    host = _checked_host(host)
    name = name.replace("\x00", "")[-255:]
    reasons = _reasons_against_file(file, name) + _reasons_against_settings(rules, column, limit)
    if reasons:
        raise Refused(reasons)
    require_room(BULK, current_schema())
    sha256 = _sha256_of(file)
    arrival = Arrival(
        host=host,
        source_name=name,
        size=file.size,
        sha256=sha256,
        column=column,
        rules=rules,
        limit=limit,
        started_by=acting_user,
        uploaded_by=acting_user,
    )
    arrival.crawl.save(name, file, save=False)
    try:
        with acting(acting_user):
            require_preparer(acting_user)
            arrival.save()
            told = {"host": host, "source": name, "bytes": arrival.size, "sha256": sha256}
            record_act("arrival.upload", acting_user=acting_user, obj=arrival, detail=told)
            enqueue(WORK, arrival_id=arrival.pk)
    except BaseException:
        arrival.crawl.storage.delete(str(arrival.crawl.name))
        raise
    return arrival


def change_arrival(
    arrival: Arrival, *, acting_user: User, rules: str, column: Column | None, limit: int | None
) -> Arrival:
    """Change what is to become of an uploaded crawl, and have its report made anew. Raises Refused."""
    reasons = _reasons_against_settings(rules, column, limit)
    with acting(acting_user):
        require_preparer(acting_user)
        arrival = _idle(arrival)
        if reasons:
            raise Refused(reasons)
        require_room(BULK, current_schema())
        arrival.rules, arrival.column, arrival.limit = rules, column, limit
        _queue(arrival, acting_user, importing=False)
        told = {"host": arrival.host, "rules": rules, "column": column.slug if column else "", "limit": limit}
        record_act("arrival.change", acting_user=acting_user, obj=arrival, detail=told)
    return arrival


def start_import(arrival: Arrival, *, acting_user: User) -> Arrival:
    """Have drafts made of the pages of an uploaded crawl, in the name of ``acting_user``, an editor. Raises Refused.

    Started again it goes on where it was; what a decision on the historical content reaches is published behind it.
    """
    with acting(acting_user):
        require_editor_of_all_columns(acting_user)
        arrival = _idle(arrival)
        if arrival.surveyed_at is None:
            raise Refused(_("还没有预检报告，请先预检并看过报告再导入。"))
        if not SurveyedAddress.objects.filter(arrival=arrival, result=SurveyedAddress.Result.PAGE).exists():
            raise Refused(_("报告里没有可以导入的网页。请看“不导入的网址”的原因，调整默认栏目或模板规则后重新预检。"))
        require_room(BULK, current_schema())
        _queue(arrival, acting_user, importing=True)
        pages = SurveyedAddress.objects.filter(arrival=arrival, result=SurveyedAddress.Result.PAGE).count()
        told = {"host": arrival.host, "source": arrival.source_name, "pages": pages, "sha256": arrival.sha256}
        record_act("arrival.import", acting_user=acting_user, obj=arrival, detail=told)
    return arrival


def stop_arrival(arrival: Arrival, *, acting_user: User) -> Arrival:
    """Have the work on an arrival stop after the pages at hand; what was made stays. Raises Refused."""
    with acting(acting_user):
        require_preparer(acting_user)
        arrival = _fresh(arrival)
        if not arrival.working:
            raise Refused(_("这次接收没有在处理，不需要停止。"))
        waiting = arrival.state == Arrival.State.WAITING
        arrival.note(stopping=not waiting, **({"state": Arrival.State.STOPPED} if waiting else {}))
        record_act("arrival.stop", acting_user=acting_user, obj=arrival, detail={"host": arrival.host})
    return arrival


def discard_crawl(arrival: Arrival, *, acting_user: User) -> Arrival:
    """Delete the file of an uploaded crawl and its pages; report, drafts and old addresses stay. Raises Refused."""
    with acting(acting_user):
        require_preparer(acting_user)
        arrival = _idle(arrival)
        crawl, storage = str(arrival.crawl.name), arrival.crawl.storage
        forget_pages(arrival)
        arrival.note(crawl="", kept="")
        told = {"host": arrival.host, "sha256": arrival.sha256}
        record_act("arrival.discard", acting_user=acting_user, obj=arrival, detail=told)
    storage.delete(crawl)
    return arrival


# --- inside ------------------------------------------------------------------------------


def _queue(arrival: Arrival, acting_user: User, *, importing: bool) -> None:
    arrival.started_by, arrival.importing, arrival.stopping = acting_user, importing, False
    arrival.state, arrival.reason, arrival.done, arrival.total = Arrival.State.WAITING, "", 0, 0
    arrival.save()
    enqueue(WORK, arrival_id=arrival.pk)


def _fresh(arrival: Arrival) -> Arrival:
    # The chain of the site is held: nobody else changes the row meanwhile, but for the job, which says how far it is.
    return Arrival.objects.select_related("column", "started_by", "uploaded_by").get(pk=arrival.pk)


def _idle(arrival: Arrival) -> Arrival:
    """The arrival as it is now. Raises Refused when its job is at it, or its crawl is gone."""
    arrival = _fresh(arrival)
    if arrival.working:
        raise Refused(_("这次接收正在处理，请等它结束，或先停止。"))
    if not arrival.crawl:
        raise Refused(_("抓取文件已经删除（命令行导入的不保存抓取文件），请重新上传。"))
    return arrival


def _checked_host(host: str) -> str:
    """The host of an old site. Raises Refused for one of another site or of the platform, ValidationError for none."""
    host = host.strip().lower()
    validate_host(host)
    if is_of_the_platform(host) or Domain.objects.filter(domain=host, kind=Domain.Kind.CONSOLE).exists():
        raise Refused(_("域名“%(host)s”由平台自己使用，不会有旧网址。") % {"host": host})
    holder = site_of_host(host)
    if holder is not None and holder != current_tenant():
        reason = _("“%(host)s”是本平台站点“%(site)s”的域名，不能作为外来网站的原域名。")
        raise Refused(reason % {"host": host, "site": holder.full_name})
    return host


def _reasons_against_file(file: File, name: str) -> list[str]:
    most = {"most": LARGEST_UPLOAD // MEBIBYTE}
    if not file.size:
        return [_("抓取文件是空的，请核对后重新选择。")]
    if file.size > LARGEST_UPLOAD:
        return [_("抓取文件超过 %(most)s MB，请按栏目拆分，或请平台运维人员用命令导入。") % most]
    if not name.lower().endswith(CRAWL_ENDINGS):
        return [_("抓取文件要是 .warc、.warc.gz、.wacz，或者镜像目录压缩成的 .zip。")]
    return []


def _reasons_against_settings(rules: str, column: Column | None, limit: int | None) -> list[str]:
    reasons: list[str] = []
    if limit is not None and limit < 1:
        reasons.append(_("“最多导入页数”要写大于 0 的数，或者不填。"))
    if rules.strip():
        try:
            reasons += ColumnChoice(column).faults(rules_from(rules))
        except Refused as refusal:
            reasons += refusal.reasons
    return reasons


def _sha256_of(file: Any) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while data := file.read(_CHUNK):
        digest.update(data)
    file.seek(0)
    return digest.hexdigest()
