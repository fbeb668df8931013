"""The limit of the letter behind an answer under review: whoever clears the answer sees until when it must be given."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.cases.clock import limit_of
from govplatform.cases.models import Case
from govplatform.days import moment_words
from govplatform.review.screens.state_facts import StateFact
from govplatform.review.submission.deadlines import Duty, Key
from govplatform.rule_packs.time_words import left_words
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.over_sites import ask_sites

from .models import PrivateReply, PublicReply, ReplyPage

_PAGES = (PublicReply, PrivateReply)
#: Names of the models whose pages answer letters.
ANSWERS = frozenset(str(model._meta.model_name) for model in _PAGES)
_NUMBERS = "SELECT {tenant}::bigint, {key}::bigint, case_number FROM {s}.{table} WHERE {key} = ANY({ids}::bigint[])"


def duties_of_answers(keys: Iterable[Key]) -> Mapping[Key, Duty]:
    """Return the limits of the letters that these pages answer, of those under review; other pages have none."""
    by_site: dict[int, list[int]] = {}
    for site, page in keys:
        by_site.setdefault(site, []).append(page)
    schemas = {site.schema_name: site.pk for site in Tenant.objects.filter(pk__in=by_site)}

    def numbers_in(schema: str) -> sql.Composable:
        return sql.SQL(" UNION ALL ").join(
            sql.SQL(_NUMBERS).format(
                tenant=sql.Literal(schemas[schema]),
                key=sql.Identifier(str(model._meta.pk.column)),
                s=sql.Identifier(schema),
                table=sql.Identifier(model._meta.db_table),
                ids=sql.Literal(by_site[schemas[schema]]),
            )
            for model in _PAGES
        )

    found = [((site, page), number) for site, page, number in ask_sites(numbers_in, schemas)]
    waiting = Case.objects.filter(number__in={number for _key, number in found}, state=Case.State.IN_REVIEW)
    cases = {case.number: case for case in waiting.filter(due_at__isnull=False).select_related("desk")}
    # A page of a site that has the letter no more answers nobody.
    return {
        key: _duty(case)
        for key, number in found
        if (case := cases.get(number)) is not None and case.organisation_id == key[0]
    }


def facts_of_limits(page: Any) -> list[StateFact]:
    """Return until when the letter must be answered that ``page`` answers; nothing of other pages, and once it has
    ended.
    """
    if not isinstance(page, ReplyPage):
        return []
    cases = Case.objects.select_related("desk").filter(number=page.case_number, organisation=current_tenant())
    return [limit_fact(case) for case in cases if not case.is_over and case.due is not None]


def limit_fact(case: Case) -> StateFact:
    """The limit of an open case in words, with the article of its rule once it is over."""
    assert case.due is not None
    told = {"at": moment_words(case.due), "left": left_words(case.due, timezone.now())}
    if not case.is_late:
        return StateFact(_("来信答复期限"), _("%(at)s 之前，%(left)s") % told)
    words = _("%(at)s 之前，%(left)s：%(article)s") % {**told, "article": limit_of(case).article}
    return StateFact(_("来信答复期限"), words, bad=True)


def _duty(case: Case) -> Duty:
    assert case.due_at is not None
    return Duty(case.due_at, _("来信答复期限"), limit_of(case).article)
