"""An entry of the audit record as a sentence, with the values that were changed and what was said about it.

A person reads who did what to what. What only a computer compares (digests, keys of rows) stands apart, by its name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import schema_context
from wagtail.models import Page

from govplatform.accounts.roles import ROLES
from govplatform.accounts.templatetags.people_words import person
from govplatform.audit.actions import ANONYMOUS
from govplatform.audit.actors import actor_in_words
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.confidentiality.models import Disposition
from govplatform.tenancy.models import Tenant

from .audit_details import DETAIL_WORDS, VALUE_WORDS
from .audit_words import act_label

#: Acts whose name does not stand between who did it and what it was done to. Named in braces: ``who``, ``object`` in
#: quotation marks, and details in words, which are not said again behind the sentence.
SENTENCES: Mapping[str, str | Promise] = MappingProxyType({
    "review.submit": gettext_lazy("{who}把{object}送审"),
    "review.take_back": gettext_lazy("{who}撤回了{object}的送审"),
    "review.approved": gettext_lazy("{who}通过了{object}的{step}"),
    "review.rejected": gettext_lazy("{who}在{step}中退回了{object}"),
    "review.sheet": gettext_lazy("{who}打印了{object}的审查单"),
    "review.cleared": gettext_lazy("{object}的审查全部完成，最后由{who}通过"),
    "review.claim": gettext_lazy("{who}认领了{object}的{step}"),
    "review.release": gettext_lazy("{who}把{object}的{step}放回待办"),
    "review.hand_over": gettext_lazy("{who}把{object}的{step}转交给{to}"),
    "scan.done": gettext_lazy("完成了{page}的保密扫描"),
    "scan.failed": gettext_lazy("没有完成{page}的保密扫描"),
    "delivery.bake": gettext_lazy("{who}安排重新生成了{object}的全部静态页面"),
    "delivery.go_back": gettext_lazy("{who}把{object}退回到第 {release} 号静态版本"),
    "standing.propose": gettext_lazy("{who}为{site}提出常设审查决定"),
    "standing.approve": gettext_lazy("{who}批准了{site}的常设审查决定"),
    "standing.revoke": gettext_lazy("{who}终止了{site}的常设审查决定"),
    "subscription.make": gettext_lazy("{who}为{site}设置了订阅"),
    "subscription.end": gettext_lazy("{who}取消了{site}的订阅"),
    "page.publish": gettext_lazy("{who}发布了{object}"),
    "page.schedule": gettext_lazy("{who}为{object}安排了定时发布"),
    "page.schedule_refused": gettext_lazy("{object}的定时发布被拒绝"),
    "page.expire": gettext_lazy("{object}到期下线"),
    "page.withdraw": gettext_lazy("{who}撤回了已发布的{object}"),
    "page.withdraw_at_once": gettext_lazy("{who}紧急撤回了{object}"),
    "withdrawal.confirmed": gettext_lazy("{who}确认了{object}的紧急撤回"),
    "withdrawal.contested": gettext_lazy("{who}对{object}的紧急撤回提出异议"),
    "after_review.confirmed": gettext_lazy("{who}事后复核，{object}通过"),
    "after_review.withdrawn": gettext_lazy("{who}事后复核，{object}不通过"),
    "absence.register": gettext_lazy("{who}登记了外出，由{deputy}代办"),
    "document.drop_import": gettext_lazy("{who}清除了{uploaded_by}导入到“{column}”而没有建稿的 {files} 个文件"),
    "service.import": gettext_lazy("{who}从表格“{file}”第 {line} 行建了{object}"),
    "interview.decide": gettext_lazy("{who}对{object}作了保密审查决定：{scope}"),
    "interview.stop": gettext_lazy("{who}暂停了{object}的现场文字放行"),
    "interview.open": gettext_lazy("{who}开启了{object}"),
    "interview.end": gettext_lazy("{who}结束了{object}"),
    "interview.say": gettext_lazy("{who}为{object}录入了第 {entry} 条现场文字"),
    "interview.correct": gettext_lazy("{who}改正了{object}的第 {entry} 条现场文字"),
    "interview.clear": gettext_lazy("{who}放行了{object}的第 {entry} 条现场文字第 {version} 稿"),
    "interview.withdraw_entry": gettext_lazy("{who}撤回了{object}的第 {entry} 条现场文字"),
    "interview.question": gettext_lazy("{who}处理了{object}的网友提问 {question}"),
    "interview.look": gettext_lazy("{who}查看了{object}网友提问 {question} 的原文和提问人"),
    "interview.transcribe": gettext_lazy("{who}用现场文字为{object}生成了实录草稿"),
    "survey.pick": gettext_lazy("{who}把{object}收到的 {people} 人的同一条意见选入草稿"),
    "survey.set_aside": gettext_lazy("{who}把{object}收到的 {people} 人的同一条意见放到“不选”"),
    "survey.take_back": gettext_lazy("{who}把{object}收到的 {people} 人的同一条意见放回“未看”"),
    "survey.contact": gettext_lazy("{who}查看了{object}第 {paper} 号答卷的联系方式"),
    "survey.export": gettext_lazy("{who}导出了{object}的 {rows} 份答卷"),
    "document.compare": gettext_lazy("{who}确认{object}已与原件对照"),
    "page.pin": gettext_lazy("{who}把{object}在栏目“{column}”置顶到 {until}"),
    "page.unpin": gettext_lazy("{who}取消了{object}在栏目“{column}”的置顶"),
    "page.list": gettext_lazy("{who}改变了{object}还在哪些栏目列出"),
    "page.plan": gettext_lazy("{who}把{object}的发布时间定在 {at}"),
    "page.copy": gettext_lazy("{who}把《{copied}》复制为新稿{object}，放在栏目“{column}”"),
    "home.recommend": gettext_lazy("{who}把{object}推荐到首页"),
    "home.end_recommendation": gettext_lazy("{who}取消了{object}的首页推荐"),
    "home.propose": gettext_lazy("{who}向{superior}推荐{object}"),
    "home.take_back": gettext_lazy("{who}收回了向{superior}推荐的{object}"),
    "home.accept_proposal": gettext_lazy("{who}采用了{site}推荐的{object}"),
    "home.refuse_proposal": gettext_lazy("{who}没有采用{site}推荐的{object}"),
    "home.pin_headline": gettext_lazy("{who}把{page}设为头条"),
    "writing.limit": gettext_lazy("{who}设置了{object}的写稿范围"),
    "writing.department": gettext_lazy("{who}设置了写稿部门“{name}”"),
    "role.grant": gettext_lazy("{who}授予{object}在{site}的{role}角色"),
    "role.revoke": gettext_lazy("{who}收回{object}在{site}的{role}角色"),
    "role.offer": gettext_lazy("{who}邀请{object}在{site}担任{role}"),
    "role.offer_confirmed": gettext_lazy("{who}确认{object}在{site}担任{role}"),
    "role.offer_refused": gettext_lazy("{who}不予确认{object}在{site}担任{role}"),
    "role.offer_accepted": gettext_lazy("{object}接受在{site}担任{role}"),
    "role.offer_declined": gettext_lazy("{object}谢绝在{site}担任{role}"),
    "role.offer_withdrawn": gettext_lazy("{who}撤回对{object}在{site}担任{role}的邀请"),
    "account.create": gettext_lazy("{who}为{object}新建账号"),
    "account.deactivate": gettext_lazy("{who}停用了{object}的账号"),
    "account.password": gettext_lazy("{object}修改了密码"),
    "account.second_factor": gettext_lazy("{object}绑定了动态口令"),
    "account.recovery_codes": gettext_lazy("{object}生成了恢复码"),
    "account.begin": gettext_lazy("{object}用一次性链接设定了密码"),
    "account.link": gettext_lazy("{who}为{object}重新签发一次性链接"),
    "account.unlock": gettext_lazy("{who}解除了{object}的登录暂停"),
    "account.sessions_ended": gettext_lazy("{who}结束了{object}的全部会话"),
    "account.reset_request": gettext_lazy("{who}申请重设{object}的{what}"),
    "account.reset_confirmed": gettext_lazy("{who}同意并重设了{object}的{what}"),
    "account.reset_refused": gettext_lazy("{who}驳回了重设{object}的{what}"),
    "account.sign_in": gettext_lazy("{who}登录"),
    "account.sign_out": gettext_lazy("{who}退出"),
    "account.sign_in_failed": gettext_lazy("有人从{address}用用户名“{username}”登录，没有成功"),
    "account.sign_in_locked": gettext_lazy("用户名“{username}”从{address}登录失败过多，暂停登录"),
    "site.state": gettext_lazy("{who}把{object}的状态由“{before}”改为“{after}”"),
    "site.host": gettext_lazy("{who}变更了{object}的域名"),
    "site.freeze": gettext_lazy("{object}停止编辑"),
    "site.thaw": gettext_lazy("{object}恢复编辑"),
    "console.publish": gettext_lazy("{who}公开了{object}"),
    "column.change": gettext_lazy("{who}修改了栏目{object}"),
    "column.create": gettext_lazy("{who}新建了栏目{object}"),
    "finding.judge": gettext_lazy("{who}处理了扫描发现{object}"),
    "frame.set": gettext_lazy("{who}用命令设定了{object}的文字"),
    "library.repost": gettext_lazy("{who}转载了{object}"),
    "library.adopt_version": gettext_lazy("{who}让转载{object}采用新版本"),
    "library.repost_taken_down": gettext_lazy("转载{object}随来源撤下"),
    "library.spread_version": gettext_lazy("{object}有了新版本，已通知各转载站点"),
    "push.push": gettext_lazy("{who}推送了{object}"),
    "push.remind": gettext_lazy("催办推送{object}"),
    "push.extend": gettext_lazy("延长推送{object}的期限"),
    "push.rejected": gettext_lazy("{who}退回了推送{object}"),
    "push.recall": gettext_lazy("{who}收回了{object}"),
    "merge.switch": gettext_lazy("{object}的内容迁移完成"),
    "question.drafted": gettext_lazy("{who}把来信 {number} 收入答问知识库，建了{object}"),
    "case_data.erased": gettext_lazy("到期删除了 {rows} 件{holder}中的个人信息"),
    "audit.anchor": gettext_lazy("锚定了 {heads}"),
    "audit.export": gettext_lazy("{who}导出了审计记录"),
})  # fmt: skip
#: What only a computer compares, or what leads to a row whose name the sentence says.
_FOR_COMPUTERS = frozenset({
    "digest", "revision", "clearance", "page", "scan", "push", "offer", "resource", "uuid", "standing", "subscription",
    "application", "merge", "archive", "certificate", "sha256", "seal", "papers", "scanner", "withdrawal", "review",
    "objects", "object", "rule", "where", "rule_pack", "slug", "verb", "row", "term", "group", "id", "release",
    "import", "lexemes", "original", "decision", "arrival", "crawl", "settings", "rules", "hash", "heads", "selector",
    "sm3", "image",
})  # fmt: skip
_OF_MACHINES = re.compile(r"[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Details that name sites by their codes.
_SITES_IN = ("site", "superior", "into", "source", "destination", "of", "level")
#: Details that name people as they sign.
_PEOPLE_IN = ("to", "deputy", "named", "requested_by", "confirmed_by", "by")
#: Kinds of objects that have a title of their own; all others have a name.
_TITLED = frozenset({"wagtailcore.page", "content_library.resource", "reposts.repostpage"})
#: Kinds whose rows are told apart by numbers; what they are about stands in the details.
_NAMELESS = frozenset({"pushes.standingclearance", "pushes.subscription", "confidentiality.scan", "pushes.push"})


@dataclass(frozen=True)
class Said:
    """One entry in the reader's words.

    ``sentence``; ``details``: ``[(name, value)]`` that people want to read with it; ``changes``: ``[(name, before,
    after)]``; ``rest``: ``[(name, value)]`` of what only a computer compares.
    """

    sentence: str
    details: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    rest: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Names:
    """What entries name by codes and keys: ``sites`` code -> name; ``pages`` (chain, key of the page) -> title."""

    sites: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[tuple[str, int], str] = field(default_factory=dict)


def say(entry: Entry, names: Names) -> Said:
    """Put an entry into words."""
    speaker = _Speaker(entry, names)
    sentence, used = speaker.sentence()
    changes = list(speaker.changes())
    changed = {"before", "after", "changes"} if changes else set()
    details: list[tuple[str, str]] = []
    rest: list[tuple[str, str]] = []
    for name, value in entry.detail.items():
        if name in used or name in changed or value in ("", None, [], {}):
            continue
        shown = (speaker.name_of(name), speaker.words(name, value))
        is_said = speaker.is_for_people(name, value) or (name == "page" and (entry.chain, value) in names.pages)
        (details if is_said else rest).append(shown)
    by_shell, _colon, account = entry.actor_name.partition(":")
    if entry.actor_id is None and by_shell == "shell":
        rest.insert(0, (str(DETAIL_WORDS["shell"]), account))
    return Said(sentence, details, changes, rest)


def page_of_entry(entry: Entry) -> int | None:
    """Return the key of the page that an entry is about, by its object or its detail; None where it is about none."""
    if entry.object_id.isdecimal():
        kind = _model(entry.object_type)
        if kind is not None and issubclass(kind, Page) and not getattr(kind, "is_structural", False):
            return int(entry.object_id)
    page = entry.detail.get("page")
    return page if isinstance(page, int) and entry.chain != PLATFORM_CHAIN else None


def names_in(entries: Sequence[Entry]) -> Names:
    """Look up what the entries name: one statement for sites, one for the pages of each chain; none without need."""
    named = [value for entry in entries for name, value in entry.detail.items() if _is_site(entry, name)]
    codes = {code for code in named if isinstance(code, str)}
    pages: dict[str, set[int]] = {}
    for entry in entries:
        if isinstance(page := entry.detail.get("page"), int) and entry.chain != PLATFORM_CHAIN:
            pages.setdefault(entry.chain, set()).add(page)
    titles: dict[tuple[str, int], str] = {}
    standing = set(Tenant.objects.filter(schema_name__in=pages, dropped_at=None).values_list("schema_name", flat=True))
    for chain in standing:
        with schema_context(chain):
            found = Page.objects.filter(pk__in=pages[chain]).values_list("pk", "title")
            titles |= {(chain, pk): title for pk, title in found}
    sites = dict(Tenant.objects.filter(code__in=codes).values_list("code", "full_name")) if codes else {}
    return Names(sites, titles)


def _is_site(entry: Entry, name: str) -> bool:
    """Whether the detail names a site by its code: a letter is passed on to one, everything else to a person."""
    return name in _SITES_IN or (name == "to" and entry.act.startswith("case."))


class _Speaker:
    """What one entry is said with."""

    def __init__(self, entry: Entry, names: Names) -> None:
        self._entry, self._names = entry, names

    def sentence(self) -> tuple[str, frozenset[str]]:
        """The sentence, and the details that it says."""
        entry = self._entry
        named = {"who": self._who(), "object": self._object()}
        if template := SENTENCES.get(entry.act):
            wanted = _names_in(str(template)) - named.keys()
            if all(isinstance(entry.detail.get(name), str | int | dict) for name in wanted):
                words = {name: self.words(name, entry.detail[name]) for name in wanted}
                return str(template).format_map({**named, **words}), frozenset(wanted)
        act = act_label(entry.act)
        if not named["object"]:
            return _("{who}：{act}").format(who=named["who"], act=act), frozenset()
        return _("{who}：{act}{object}").format(act=act, **named), frozenset()

    def changes(self) -> Iterator[tuple[str, str, str]]:
        """What was changed, by name: from ``changes``, or from ``before`` and ``after`` where they are tables."""
        detail = self._entry.detail
        before, after = detail.get("before"), detail.get("after")
        if isinstance(table := detail.get("changes"), dict):
            pairs = {name: pair for name, pair in table.items() if isinstance(pair, list) and len(pair) == 2}
        elif isinstance(before, dict) and isinstance(after, dict):
            pairs = {name: [before.get(name), after.get(name)] for name in {**before, **after}}
        else:
            return
        for name, (was, became) in pairs.items():
            if was != became:
                yield self.name_of(name), self._or_empty(name, was), self._or_empty(name, became)

    def name_of(self, name: str) -> str:
        """What a detail is called: by our list, or as the field of the object is."""
        if name in DETAIL_WORDS:
            return str(DETAIL_WORDS[name])
        if name in VALUE_WORDS:
            return str(VALUE_WORDS[name])
        try:
            return str(apps.get_model(self._entry.object_type)._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
            return name

    def is_for_people(self, name: str, value: Any) -> bool:
        """Whether somebody reads it: it has a name in words, and is neither a key nor a digest."""
        return not _is_of_machines(name, value) and self.name_of(name) != name

    def words(self, name: str, value: Any) -> str:
        """A value as people say it."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, str):
            return self._text(name, value)
        if name == "page" and (title := self._names.pages.get((self._entry.chain, value))):
            return f"《{title}》"
        if isinstance(value, list):
            return "、".join(self.words(name, one) for one in value)
        if isinstance(value, dict):
            if name == "heads":
                return _("%(count)d 条链") % {"count": len(value)}
            told = [(key, one) for key, one in value.items() if not _is_of_machines(key, one) and one not in ("", None)]
            return "；".join(f"{self.name_of(key)}：{self.words(key, one)}" for key, one in told)
        return str(value)

    def _text(self, name: str, value: str) -> str:
        if _is_site(self._entry, name) and value in self._names.sites:
            return self._names.sites[value]
        if name == "kind" and "." in value:
            return kind_label(value)
        if name == "role" and value in ROLES:
            return str(ROLES[value].label)
        if name in _PEOPLE_IN:
            return person(value)
        if name == "verdict" and value in Disposition.Verdict.values:
            return str(Disposition.Verdict(value).label)
        if name == "fields":
            return self.name_of(value)
        if label := self._choice(name, value):
            return label
        # A kind of object may have codes that are no field's choices.
        say = getattr(_model(self._entry.object_type), "say_in_record", None)
        return (say(name, value) if say else "") or str(VALUE_WORDS.get(value, value))

    def _choice(self, name: str, value: str) -> str:
        """The label of a choice of the object's field; of a state, whichever field says it."""
        field_name = "status" if name in ("before", "after") else name
        try:
            choices = apps.get_model(self._entry.object_type)._meta.get_field(field_name).flatchoices  # type: ignore[union-attr]
        except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
            return ""
        return str(dict(choices).get(value, ""))

    def _or_empty(self, name: str, value: Any) -> str:
        return self.words(name, value) if value not in ("", None, [], {}) else _("（空）")

    def _who(self) -> str:
        entry = self._entry
        if entry.actor_id is None and entry.actor_name == ANONYMOUS:
            return _("未登录的人")
        return person(actor_in_words(entry))

    def _object(self) -> str:
        entry = self._entry
        if not entry.object_title or entry.object_type in _NAMELESS:
            return ""
        if entry.object_type == "accounts.user":
            return person(entry.object_title)
        kind = _model(entry.object_type)
        if entry.object_type in _TITLED or (kind is not None and hasattr(kind, "url_path")):
            return f"《{entry.object_title}》"
        return f"“{entry.object_title}”"


def _names_in(template: str) -> set[str]:
    return {part.partition("}")[0] for part in template.split("{")[1:]}


def _is_of_machines(name: str, value: Any) -> bool:
    return name in _FOR_COMPUTERS or (isinstance(value, str) and bool(_OF_MACHINES.fullmatch(value)))


def _model(label: str) -> Any:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def kind_label(label: str) -> str:
    """``articles.article`` as its model is called; empty for one that is gone."""
    model = _model(label)
    return str(model._meta.verbose_name) if model is not None else ""
