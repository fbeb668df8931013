"""The life of a site: applications, retirement, its merge, dump and return; on sites alpha and beta."""

import tempfile
from pathlib import Path
from typing import Any

from govplatform.digests import digest_of_file
from govplatform.lifecycle.applications.actions import decide_application, file_application, withdraw_application
from govplatform.lifecycle.applications.request import Asked
from govplatform.lifecycle.backups.returning import request_return
from govplatform.lifecycle.ending.actions import request_work
from govplatform.lifecycle.ending.restoring import Wish, request_restoring
from govplatform.lifecycle.merge.actions import (
    ask_to_revert,
    begin_or_resume,
    confirm_merge,
    request_merge,
    revert_merge,
)
from govplatform.lifecycle.models import SiteDump
from govplatform.lifecycle.states.actions import announce_completion, retire_site
from govplatform.tenancy.queries import get_tenant
from tests.lifecycle import life
from tests.lifecycle.ending.ended import empty_dump

from .acts import Doing, act

_APPLICATIONS = "govplatform.lifecycle.applications.actions"


def _a_change() -> Any:
    return life.file("change", "alpha", wanted={"contact": "电话：0871-12345678"})


@act(f"{_APPLICATIONS}.file_application", may="alpha_admin")
def _file_application() -> Doing:
    asked = Asked(kind="change", reason="号码变更。", wanted={"contact": "电话：0871-12345678"})
    return lambda who: file_application(get_tenant("alpha"), asked, acting_user=who)


@act(f"{_APPLICATIONS}.decide_application", may="supervisor")
def _decide_application() -> Doing:
    application = _a_change()
    return lambda who: decide_application(application, acting_user=who, approve=True, opinion="同意。")


@act(f"{_APPLICATIONS}.withdraw_application", may="alpha_admin")
def _withdraw_application() -> Doing:
    application = _a_change()
    return lambda who: withdraw_application(application, acting_user=who, reason="不需要。")


@act("govplatform.lifecycle.states.actions.retire_site", may="operator")
def _retire_site() -> Doing:
    application = life.retiring("beta")
    announce_completion(application)
    life.clear_notices(application)
    return lambda who: retire_site(get_tenant("beta"), acting_user=who)


_MERGES = "govplatform.lifecycle.merge.actions"


@act(f"{_MERGES}.request_merge", may="operator")
def _request_merge() -> Doing:
    life.retiring("beta")
    return lambda who: request_merge(get_tenant("beta"), get_tenant("alpha"), acting_user=who)


@act(f"{_MERGES}.begin_or_resume", may="supervisor")
def _begin_or_resume() -> Doing:
    life.merge_asked_for()
    return lambda who: begin_or_resume(
        get_tenant("beta"), get_tenant("alpha"), acting_user=who, wishes={}, drafts=False
    )


@act(f"{_MERGES}.confirm_merge", may="supervisor")
def _confirm_merge() -> Doing:
    merge = life.merge_carried_out()
    return lambda who: confirm_merge(merge, acting_user=who)


@act(f"{_MERGES}.ask_to_revert", may="supervisor")
def _ask_to_revert() -> Doing:
    merge = life.merge_asked_for()
    return lambda who: ask_to_revert(merge, acting_user=who, reason="改期办理。")


@act(f"{_MERGES}.revert_merge", may="operator")
def _revert_merge() -> Doing:
    merge = life.merge_asked_for()
    return lambda who: revert_merge(merge, acting_user=who, reason="改期办理。")


@act("govplatform.lifecycle.ending.actions.request_work", may="operator")
def _request_dump() -> Doing:
    return lambda who: request_work("copy", get_tenant("beta"), acting_user=who)


@act("govplatform.lifecycle.backups.returning.request_return", may="operator")
def _request_return() -> Doing:
    path = empty_dump(Path(tempfile.mkdtemp(prefix="dump-")), "beta")
    digest = digest_of_file(path)
    SiteDump.objects.create(kind="copy", state="done", tenant=get_tenant("beta"), code="beta", sha256=digest.sha256)
    return lambda who: request_return(get_tenant("beta"), path, reason="误删。", acting_user=who)


@act("govplatform.lifecycle.ending.restoring.request_restoring", may="supervisor")
def _request_restoring() -> Doing:
    path = empty_dump(Path(tempfile.mkdtemp(prefix="dump-")))
    return lambda who: request_restoring(path, Wish(), acting_user=who)
