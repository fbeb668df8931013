"""The forms of applications: one for each kind, with the facts and papers that the rule pack of the site asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites
from govplatform.upload_limits import limit_in_browser

from ..models import SiteApplication
from .checking import must_name_a_ground, needed_papers, reported_grounds
from .papers import LARGEST_PAPER, OTHER_PAPER, GivenPaper
from .request import (
    COLUMNS,
    DOMAIN,
    LONGEST_COLUMNS,
    LONGEST_OPINION,
    LONGEST_REASON,
    LONGEST_WITHDRAWAL,
    RECORD_FIELDS,
    Asked,
    fact_labels,
    kind_label,
)

Kind = SiteApplication.Kind
_PAPER, _FACT = "paper-", "fact-"


class ApplicationForm(forms.Form):
    """One application of ``tenant``. What is missing is told by the act itself, all at once, not field by field."""

    reason = forms.CharField(
        label=_("申请理由"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, tenant: Tenant, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant, self.kind = tenant, kind
        self._present: dict[str, str] = {}
        getattr(self, f"_for_{kind}")()
        rules = needed_papers(tenant, kind)
        for rule in rules:
            self.fields[_PAPER + rule.code] = _paper_field(rule.text, rule.article)
        if OTHER_PAPER not in {rule.code for rule in rules}:
            self.fields[_PAPER + OTHER_PAPER] = _paper_field(_("其他材料"))

    def asked(self) -> Asked:
        """What the valid form asks for; of facts, those that differ from what is stored."""
        given = self.cleaned_data
        facts = {name: str(given[_FACT + name]).strip() for name in self._present}
        return Asked(
            kind=self.kind,
            reason=given["reason"],
            ground=given.get("ground", ""),
            into=given.get("into", ""),
            until=given.get("until"),
            wanted={name: value for name, value in facts.items() if value != self._present[name]},
        )

    def papers(self) -> list[GivenPaper]:
        """The files of the valid form."""
        return [
            GivenPaper(name.removeprefix(_PAPER), str(self.cleaned_data[name].name), self.cleaned_data[name])
            for name in self.fields
            if name.startswith(_PAPER) and self.cleaned_data.get(name)
        ]

    def groups(self) -> list[dict[str, Any]]:
        """``[{"heading", "fields"}]`` for the template."""
        papers = [name for name in self.fields if name.startswith(_PAPER)]
        facts = [name for name in self.fields if name.startswith(_FACT)]
        rest = [name for name in self.fields if name not in papers and name not in facts]
        found = ((_("申请内容"), rest), (_("登记信息"), facts), (_("材料"), papers))
        return [{"heading": heading, "fields": [self[name] for name in names]} for heading, names in found if names]

    # --- the kinds -----------------------------------------------------------------------

    def _for_open(self) -> None:
        if self.tenant.status == Tenant.Status.PREPARING:
            gates = rule_pack_of(self.tenant).site_life.gates_of(Kind.OPEN)
            self._facts(tuple(gate.code for gate in gates))

    def _for_change(self) -> None:
        self._facts(RECORD_FIELDS)
        labels = fact_labels()
        self._add_fact(DOMAIN, labels[DOMAIN], self.tenant.public_host, help_text=_("只写主机名，不带协议和路径。"))
        self._add_fact(
            COLUMNS,
            labels[COLUMNS],
            "",
            widget=forms.Textarea({"rows": 2}),
            help_text=_("写明增设、合并或取消的栏目。"),
        )

    def _for_offline(self) -> None:
        self._ground()
        self.fields["until"] = forms.DateField(
            label=_("计划恢复日期"), required=False, widget=forms.DateInput({"type": "date"}),
            help_text=_("当日零时自动恢复；责令下线或不可抗力无法预计的可以不填。"),
        )  # fmt: skip

    def _for_retire(self) -> None:
        # What the platform would take for nothing chosen is chosen on the screen, where it is seen.
        self._ground(empty=must_name_a_ground(self.tenant, self.kind))
        others = {
            site.code: site.full_name
            for site in public_sites().filter(status=Tenant.Status.LIVE).exclude(pk=self.tenant.pk)
        }
        parent = self.tenant.parent.code if self.tenant.parent else ""
        self.fields["into"] = forms.ChoiceField(
            label=_("内容迁入的网站"),
            required=False,
            choices=[*([] if parent in others else [("", "—")]), *others.items()],
            initial=parent,
        )

    def _ground(self, *, empty: bool = False) -> None:
        grounds = list(rule_pack_of(self.tenant).site_life.grounds_of(self.kind, self.tenant.kind))
        if self.kind == Kind.OFFLINE and self.tenant.status == Tenant.Status.RETIRING:
            grounds = reported_grounds(self.tenant, self.kind)
        choices = [(ground.code, ground.text) for ground in grounds]
        self.fields["ground"] = forms.ChoiceField(
            label=_("依据的情形"), required=False, choices=[("", "—"), *choices] if empty else choices
        )

    def _facts(self, names: tuple[str, ...]) -> None:
        labels = fact_labels()
        for name in names:
            self._add_fact(name, labels[name], getattr(self.tenant, name) or "")

    def _add_fact(self, name: str, label: Any, present: str, **options: Any) -> None:
        self._present[name] = present
        most = Tenant._meta.get_field(name).max_length if name in RECORD_FIELDS else LONGEST_COLUMNS
        self.fields[_FACT + name] = forms.CharField(
            label=label, required=False, initial=present, max_length=most, **options
        )


class DecisionForm(forms.Form):
    """The opinion of a supervisor; ``step``: the level that was due when the page was made."""

    opinion = forms.CharField(label=_("审批意见"), max_length=LONGEST_OPINION, widget=forms.Textarea({"rows": 3}))
    step = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawalForm(forms.Form):
    """The reason why an application is taken back."""

    reason = forms.CharField(label=_("撤回理由"), max_length=LONGEST_WITHDRAWAL)


def kind_words(kind: str, status: str = "") -> str:
    """What an application of this kind of a site in this state is called above its form; '' before one is chosen."""
    return _t("申请%(kind)s") % {"kind": kind_label(kind, status)}


def _paper_field(label: Any, help_text: str = "") -> forms.FileField:
    return limit_in_browser(
        forms.FileField(label=label, required=False, help_text=help_text, max_length=255), LARGEST_PAPER
    )
