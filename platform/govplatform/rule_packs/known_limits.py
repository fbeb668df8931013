"""The limits that a rule pack may state: exactly those that some part of the platform reads.

A limit that nothing reads would promise what nobody keeps. So a new one is entered here together with the code that
reads it, and goes with it; a test compares both.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .limits import TIME_UNITS, Unit

#: A content review more would need a workflow and a step of its own; no regulation's number.
MOST_LEVELS = 3


@dataclass(frozen=True)
class KnownLimit:
    """A limit that a pack may state. ``units``: those that its reader in the code understands.

    ``least``, ``most``: the bounds within which its number makes sense; None for no bound.
    """

    label: str | Promise
    units: tuple[Unit, ...]
    least: int = 1
    most: int | None = None


KNOWN_LIMITS: dict[str, KnownLimit] = {
    "repost_important_policy": KnownLimit(_("推送的重要信息须在多久内转载"), TIME_UNITS),
    "home_stale": KnownLimit(_("网站多久没有更新算长期未更新"), (Unit.DAYS,)),
    "news_stale": KnownLimit(_("动态要闻类栏目的更新期限"), (Unit.DAYS,)),
    "notice_stale": KnownLimit(_("通知公告、政策文件和解读类栏目的更新期限"), (Unit.DAYS,)),
    "data_stale": KnownLimit(_("数据发布栏目的更新期限"), (Unit.DAYS,)),
    "annual_stale": KnownLimit(_("信息公开年报栏目的更新期限"), (Unit.DAYS,)),
    "content_review_levels": KnownLimit(_("保密审查之前的内容审核级数"), (Unit.REVIEWS,), most=MOST_LEVELS),
    "review_deadline": KnownLimit(_("每一审查环节的办理时限"), TIME_UNITS),
    "emergency_review_deadline": KnownLimit(_("紧急送审每一环节的办理时限"), TIME_UNITS),
    "emergency_after_review": KnownLimit(_("紧急发布后的事后复核时限"), TIME_UNITS),
    "standing_decision": KnownLimit(_("常设审查决定最长有效多久"), (Unit.DAYS,)),
    "standing_renewal": KnownLimit(_("常设审查决定到期前多久提醒重新审议"), (Unit.DAYS,)),
    "standing_sample": KnownLimit(_("按常设审查决定发布的，每几条抽查一条"), (Unit.ITEMS,)),
    "standing_after_review": KnownLimit(_("按常设审查决定发布的，抽查的办理时限"), TIME_UNITS),
    "claim": KnownLimit(_("认领的有效时间"), TIME_UNITS),
    "withdrawal_confirmation": KnownLimit(_("监管员紧急撤回后的确认时限"), TIME_UNITS),
    "rescan_judgement": KnownLimit(_("回溯扫描新发现的处理时限"), TIME_UNITS),
    "rescan_every": KnownLimit(_("定期回溯扫描的间隔，0 为不定期扫描"), (Unit.DAYS,), least=0),
    "aggregation_persons": KnownLimit(_("同一篇信息、表格或文件中涉及几人算人员汇聚"), (Unit.PERSONS,)),
    "aggregation_attributes": KnownLimit(_("姓名与几项个人信息同时出现算信息汇聚"), (Unit.ATTRIBUTES,)),
    "aggregation_column_persons": KnownLimit(_("同一栏目近期信息合计涉及几人算人员汇聚"), (Unit.PERSONS,)),
    "aggregation_last_items": KnownLimit(_("栏目内合并检查的近期信息条数"), (Unit.ITEMS,)),
    "offline_times": KnownLimit(_("一年内可以临时下线几次"), (Unit.TIMES,)),
    "offline_length": KnownLimit(_("一次临时下线最长多久"), (Unit.DAYS,)),
    "opening_notice": KnownLimit(_("开通公告的公示时间"), (Unit.DAYS,)),
    "site_archive": KnownLimit(_("继续运行的网站每隔多久整站归档一次，0 为不定期归档"), (Unit.DAYS,), least=0),
    "retirement_notice": KnownLimit(_("关停迁移公告、关停完成公告的公示时间"), (Unit.DAYS,)),
    "domain_notice": KnownLimit(_("域名变更后原域名显示公告多久，之后跳转"), (Unit.DAYS,)),
    "application_decision": KnownLimit(_("网站事项申请每一级的审批时限"), TIME_UNITS),
    "logs_kept": KnownLimit(_("运行日志和访问日志留存多久"), (Unit.MONTHS,), least=6),
    "case_acceptance": KnownLimit(_("公众来信多久内受理"), TIME_UNITS),
    "case_answer": KnownLimit(_("公众来信自受理起多久内答复"), TIME_UNITS),
    "case_extension": KnownLimit(_("公众来信一次延期的时间"), TIME_UNITS),
    "error_forwarding": KnownLimit(_("网民纠错多久内转有关网站"), TIME_UNITS),
    "error_answer": KnownLimit(_("网民纠错自转办起多久内答复"), TIME_UNITS),
    "disclosure_acceptance": KnownLimit(_("依申请公开多久内与申请人确认收到"), TIME_UNITS),
    "disclosure_answer": KnownLimit(_("依申请公开自收到起多久内答复"), TIME_UNITS),
    "disclosure_extension": KnownLimit(_("依申请公开一次延期的时间"), TIME_UNITS),
    "disclosure_completion_notice": KnownLimit(_("依申请公开自收到起多久内可以通知补正"), TIME_UNITS),
    "disclosure_completion": KnownLimit(_("依申请公开的申请人多久内补正"), TIME_UNITS),
    "disclosure_consultation": KnownLimit(_("依申请公开的第三方多久内提出意见"), TIME_UNITS),
    "disclosure_payment": KnownLimit(_("依申请公开的申请人多久内缴费"), TIME_UNITS),
    "disclosure_reconsideration": KnownLimit(_("对依申请公开的答复多久内申请行政复议"), TIME_UNITS),
    "disclosure_suit": KnownLimit(_("对依申请公开的答复多久内提起行政诉讼"), TIME_UNITS),
    "disclosure_suit_after": KnownLimit(_("对行政复议决定多久内提起行政诉讼"), TIME_UNITS),
    "letters_kept": KnownLimit(_("来信办结后，其中的个人信息保存多久"), (Unit.DAYS, Unit.MONTHS)),
    "error_reports_kept": KnownLimit(_("纠错办结后，其中的个人信息保存多久"), (Unit.DAYS, Unit.MONTHS)),
    "disclosure_requests_kept": KnownLimit(_("依申请公开办结后，其中的个人信息保存多久"), (Unit.DAYS, Unit.MONTHS)),
    "interview_questions_kept": KnownLimit(_("访谈开始后，网友提问中的个人信息保存多久"), (Unit.DAYS, Unit.MONTHS)),
    "survey_answers_kept": KnownLimit(_("征集调查结束后，答卷中的个人信息保存多久"), (Unit.DAYS, Unit.MONTHS)),
    "question_checked": KnownLimit(_("答问知识库的解答多久复核一次"), (Unit.DAYS, Unit.MONTHS)),
    "site_reminder": KnownLimit(_("网站事项期限到来前多久提醒"), (Unit.DAYS,)),
}
