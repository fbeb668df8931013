"""The library, its vocabularies, reposting, pushing and recalling; on site alpha, with beta below it."""

import contextlib
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import HomeProposal
from content_library.distribution.proposals import propose_to_superior, refuse_proposal, take_back_proposal
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.columns import map_column
from content_library.distribution.pushes.extending import extend_duties
from content_library.distribution.pushes.reminding import remind_late, remind_sites
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.standing import (
    approve_standing_clearance,
    propose_standing_clearance,
    revoke_standing_clearance,
)
from content_library.distribution.subscriptions import end_subscription, subscribe
from content_library.harvesting.actions import add_source, harvest, set_source_state
from content_library.harvesting.fetching import FetchFault
from content_library.harvesting.models import HarvestRun, HarvestSource
from content_library.harvesting.sources import change_source, remove_source, stop_harvest, try_source
from content_library.models import Resource
from content_library.resources.exchange import export_resource, import_resource
from content_library.resources.numbering import set_pattern
from content_library.resources.reclassification import bulk_reclassify, undo_reclassify
from content_library.vocabularies.actions import (
    add_term,
    merge_terms,
    move_term,
    rename_term,
    reorder_terms,
    restore_term,
    retire_term,
    shift_term,
)
from content_library.vocabularies.exchange import import_terms
from content_library.vocabularies.models import Reclassification, Term
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.queries import get_tenant
from sites.home.recommending import accept_proposal, end_recommendation, recommend_page
from sites.reposts.actions import adopt_newest_version, keep_origin_of_copy, make_draft, repost_resource
from sites.reposts.models import RepostPage
from tests import factories
from tests.reposts.conftest import corrected_at, live_at, resource_of

from .acts import Doing, act

_LIBRARY = "content_library"
_FROM = "https://library.example.com/"


def _own() -> Resource:
    return resource_of(factories.live_article())


def _of_beta() -> Resource:
    return live_at("beta")[1]


@act(f"{_LIBRARY}.distribution.pushes.actions.push_resource", may="alpha_content")
def _push() -> Doing:
    resource = _own()
    return lambda who: push_resource(resource, selector="site=beta", acting_user=who)


@act(f"{_LIBRARY}.distribution.pushes.reminding.remind_sites", may="alpha_content")
def _remind() -> Doing:
    push = push_resource(_own(), selector="site=beta", acting_user=factories.user("alpha_content"))
    targets = list(push.targets.values_list("pk", flat=True))
    return lambda who: remind_sites(push, targets, note="", acting_user=who)


@act(f"{_LIBRARY}.distribution.pushes.reminding.remind_late", may="alpha_content")
def _remind_late() -> Doing:
    push = push_resource(_own(), selector="site=beta", acting_user=factories.user("alpha_content"))
    push.targets.update(due_at=timezone.now() - timedelta(hours=1))
    return lambda who: remind_late(push, note="", acting_user=who)


@act(f"{_LIBRARY}.distribution.pushes.extending.extend_duties", may="alpha_content")
def _extend() -> Doing:
    push = push_resource(_own(), selector="site=beta", acting_user=factories.user("alpha_content"))
    targets, until = list(push.targets.values_list("pk", flat=True)), timezone.localdate() + timedelta(days=90)
    return lambda who: extend_duties(push, targets, until=until, reason="汛期。", acting_user=who)


@act(f"{_LIBRARY}.distribution.recalls.actions.recall_resource", may="alpha_content")
def _recall() -> Doing:
    resource = _own()
    return lambda who: recall_resource(resource, acting_user=who, reason="收回。")


@act(f"{_LIBRARY}.distribution.pushes.columns.map_column", may="alpha_admin")
def _map() -> Doing:
    tenant = current_tenant()
    return lambda who: map_column(tenant, kind="", subject_class="02", column="news", acting_user=who)


@act(f"{_LIBRARY}.distribution.subscriptions.subscribe", may="alpha_editor")
def _subscribe() -> Doing:
    return lambda who: subscribe(acting_user=who, subject_class="02")


@act(f"{_LIBRARY}.distribution.subscriptions.end_subscription", may="alpha_editor")
def _end_subscription() -> Doing:
    made = subscribe(acting_user=factories.user("alpha_editor"), subject_class="02")
    return lambda who: end_subscription(made, acting_user=who)


def _proposed() -> Any:
    return propose_standing_clearance(acting_user=factories.user("alpha_content"), reason="信任。", level="province")


@act(f"{_LIBRARY}.distribution.standing.propose_standing_clearance", may="alpha_content")
def _propose() -> Doing:
    return lambda who: propose_standing_clearance(acting_user=who, reason="信任。", level="province")


@act(f"{_LIBRARY}.distribution.standing.approve_standing_clearance", may="alpha_secret")
def _approve_standing() -> Doing:
    made = _proposed()
    return lambda who: approve_standing_clearance(made, acting_user=who, opinion="同意。")


@act(f"{_LIBRARY}.distribution.standing.revoke_standing_clearance", may="alpha_secret")
def _end_standing() -> Doing:
    made = _proposed()
    return lambda who: revoke_standing_clearance(made, acting_user=who, reason="暂停。")


@act(f"{_LIBRARY}.harvesting.actions.add_source", may="operator")
def _add_source() -> Doing:
    return lambda who: add_source("邻省", _FROM, acting_user=who)


@act(f"{_LIBRARY}.harvesting.actions.set_source_state", may="operator")
def _pause_source() -> Doing:
    source = add_source("邻省", _FROM, acting_user=None)
    return lambda who: set_source_state(source, HarvestSource.State.PAUSED, acting_user=who)


@act(f"{_LIBRARY}.harvesting.sources.try_source", may="operator", rests_on_role=False)
def _try_source() -> Doing:
    # That nothing answers there is told as a reason of its own; who may not try is told that instead.
    def trying(who: Any) -> None:
        with contextlib.suppress(FetchFault):
            try_source("https://127.0.0.1:1/", acting_user=who)

    return trying


@act(f"{_LIBRARY}.harvesting.sources.change_source", may="operator")
def _change_source() -> Doing:
    source = add_source("邻省", _FROM, acting_user=None)
    return lambda who: change_source(source, name="邻县", every_minutes=60, trusted=False, acting_user=who)


@act(f"{_LIBRARY}.harvesting.sources.stop_harvest", may="operator")
def _stop_harvest() -> Doing:
    source = add_source("邻省", _FROM, acting_user=None)
    HarvestRun.objects.create(source=source)
    return lambda who: stop_harvest(source, acting_user=who)


@act(f"{_LIBRARY}.harvesting.sources.remove_source", may="operator")
def _remove_source() -> Doing:
    source = add_source("邻省", _FROM, acting_user=None)
    return lambda who: remove_source(source, reason="对方停办。", acting_user=who)


@act(f"{_LIBRARY}.harvesting.actions.harvest", may="operator")
def _harvest() -> Doing:
    source = add_source("邻省", "https://127.0.0.1:1/", acting_user=None)
    # That nothing answers there ends the run with an error, not with a refusal.
    return lambda who: harvest(source, acting_user=who, sleep=lambda _seconds: None)


@act(f"{_LIBRARY}.resources.exchange.import_resource", may="alpha_editor")
def _import() -> Doing:
    path = Path(settings.MEDIA_ROOT) / f"{uuid.uuid4()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    export_resource(_own(), path)
    made = json.loads(path.read_text(encoding="utf-8"))
    made |= {"uuid": str(uuid.uuid4()), "platform": "邻省平台"}
    path.write_text(json.dumps(made), encoding="utf-8")
    tenant = current_tenant()
    return lambda who: import_resource(path, acting_user=who, tenant=tenant)


@act(f"{_LIBRARY}.resources.numbering.set_pattern", may="alpha_admin")
def _pattern() -> Doing:
    tenant = current_tenant()
    return lambda who: set_pattern(tenant, "{identity_code}-{year}-{serial:05d}", acting_user=who)


def _term(label: str) -> Term:
    return add_term("organisation", label, acting_user=None)


@act(f"{_LIBRARY}.vocabularies.actions.add_term", may="operator")
def _add_term() -> Doing:
    return lambda who: add_term("organisation", "青石办", acting_user=who)


@act(f"{_LIBRARY}.vocabularies.actions.rename_term", may="operator")
def _rename_term() -> Doing:
    term = _term("青石办")
    return lambda who: rename_term(term, acting_user=who, label="青石中心")


@act(f"{_LIBRARY}.vocabularies.actions.move_term", may="operator")
def _move_term() -> Doing:
    above = add_term("subject", "甲类", acting_user=None)
    other = add_term("subject", "乙类", acting_user=None)
    term = add_term("subject", "甲一", acting_user=None, parent=above)
    return lambda who: move_term(term, other, acting_user=who)


@act(f"{_LIBRARY}.vocabularies.actions.merge_terms", may="operator")
def _merge_terms() -> Doing:
    source, target = _term("青石办"), _term("青石中心")
    return lambda who: merge_terms(source, target, acting_user=who, reason="合并。")


@act(f"{_LIBRARY}.vocabularies.actions.retire_term", may="operator")
def _retire_term() -> Doing:
    term = _term("青石办")
    return lambda who: retire_term(term, acting_user=who, reason="停用。")


@act(f"{_LIBRARY}.vocabularies.actions.restore_term", may="operator")
def _restore_term() -> Doing:
    term = _term("青石办")
    retire_term(term, acting_user=None, reason="停用。")
    return lambda who: restore_term(term, acting_user=who)


@act(f"{_LIBRARY}.vocabularies.actions.reorder_terms", may="operator")
def _reorder_terms() -> Doing:
    above = add_term("subject", "甲类", acting_user=None)
    terms = [add_term("subject", name, acting_user=None, parent=above) for name in ("甲一", "甲二")]
    return lambda who: reorder_terms(list(reversed(terms)), acting_user=who)


@act(f"{_LIBRARY}.vocabularies.actions.shift_term", may="operator")
def _shift_term() -> Doing:
    above = add_term("subject", "甲类", acting_user=None)
    terms = [add_term("subject", name, acting_user=None, parent=above) for name in ("甲一", "甲二")]
    return lambda who: shift_term(terms[1], -1, acting_user=who)


@act(f"{_LIBRARY}.vocabularies.exchange.import_terms", may="operator")
def _import_terms() -> Doing:
    return lambda who: import_terms("organisation", "code,label\n,青石办\n", acting_user=who)


def _ordered() -> Reclassification:
    factories.live_article(subject_class="0201")
    source = Term.objects.get(vocabulary="subject", code="0201")
    return bulk_reclassify(source, Term.objects.get(vocabulary="subject", code="03"), acting_user=None)


@act(f"{_LIBRARY}.resources.reclassification.bulk_reclassify", may="operator")
def _reclassify() -> Doing:
    factories.live_article(subject_class="0201")
    source = Term.objects.get(vocabulary="subject", code="0201")
    target = Term.objects.get(vocabulary="subject", code="03")
    return lambda who: bulk_reclassify(source, target, acting_user=who)


@act(f"{_LIBRARY}.resources.reclassification.undo_reclassify", may="operator")
def _undo_reclassify() -> Doing:
    order = _ordered()
    Reclassification.objects.filter(pk=order.pk).update(state=Reclassification.State.DONE)
    return lambda who: undo_reclassify(order, acting_user=who)


@act("sites.reposts.actions.repost_resource", may="alpha_editor")
def _repost() -> Doing:
    resource = _of_beta()
    return lambda who: repost_resource(resource, column=factories.column(), mode="mirror", acting_user=who)


@act("sites.reposts.actions.make_draft", may="alpha_editor")
def _make_draft() -> Doing:
    resource = _of_beta()
    return lambda who: make_draft(resource, column=factories.column(), mode="copy", acting_user=who)


@act("sites.home.recommending.recommend_page", may="alpha_editor")
def _recommend() -> Doing:
    page = factories.live_article()
    return lambda who: recommend_page(page, acting_user=who)


def proposed_to_alpha() -> HomeProposal:
    resource = _of_beta()
    with tenant_context(get_tenant("beta")):
        return propose_to_superior(resource, acting_user=factories.user("beta_editor"))


@act(f"{_LIBRARY}.distribution.proposals.propose_to_superior", may="alpha_editor")
def _propose_to_superior() -> Doing:
    resource = _own()
    # For the length of the test only: alpha has nobody above it.
    current_tenant().parent = get_tenant("beta")
    return lambda who: propose_to_superior(resource, acting_user=who)


@act(f"{_LIBRARY}.distribution.proposals.take_back_proposal", may="alpha_editor")
def _take_back_proposal() -> Doing:
    resource = _own()
    current_tenant().parent = get_tenant("beta")
    made = propose_to_superior(resource, acting_user=factories.user("alpha_editor"))
    return lambda who: take_back_proposal(made, acting_user=who)


@act(f"{_LIBRARY}.distribution.proposals.refuse_proposal", may="alpha_editor")
def _refuse_proposal() -> Doing:
    made = proposed_to_alpha()
    return lambda who: refuse_proposal(made, acting_user=who, answer="已有。")


@act("sites.home.recommending.accept_proposal", may="alpha_editor")
def _accept_proposal() -> Doing:
    made = proposed_to_alpha()
    return lambda who: accept_proposal(made, factories.column(), acting_user=who)


@act("sites.home.recommending.end_recommendation", may="alpha_editor")
def _end_recommendation() -> Doing:
    page = factories.live_article()
    recommend_page(page, acting_user=factories.user("alpha_editor"))
    return lambda who: end_recommendation(page, acting_user=who)


@act("sites.reposts.actions.keep_origin_of_copy", may="alpha_editor")
def _keep_origin() -> Doing:
    made = repost_resource(
        _of_beta(), column=factories.column(), mode="copy", acting_user=factories.user("alpha_editor")
    )
    page, again = Page.objects.get(pk=made.page_id), factories.draft_article()
    return lambda who: keep_origin_of_copy(page, again, acting_user=who)


@act("sites.reposts.actions.adopt_newest_version", may="alpha_editor")
def _adopt() -> Doing:
    page, resource = live_at("beta")
    made = repost_resource(
        resource, column=factories.column(), mode="mirror", acting_user=factories.user("alpha_editor")
    )
    with tenant_context(get_tenant("beta")):
        corrected_at("beta", page, title="更正过的标题")
    return lambda who: adopt_newest_version(RepostPage.objects.get(pk=made.page_id), acting_user=who)
