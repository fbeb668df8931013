"""Acts of the record in the reader's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTS: dict[str, str | Promise] = {
    "review.submit": _("送审"),
    "review.take_back": _("撤回送审"),
    "review.approved": _("审查通过"),
    "review.rejected": _("审查退回"),
    "review.cleared": _("完成两级审查"),
    "page.publish": _("发布"),
    "page.schedule": _("定时发布"),
    "page.withdraw": _("撤回已发布"),
    "page.import": _("导入文档"),
    "column.create": _("新建栏目"),
    "role.grant": _("授予角色"),
    "role.revoke": _("收回角色"),
    "account.create": _("新建账号"),
    "account.password": _("修改密码"),
    "account.deactivate": _("停用账号"),
    "account.second_factor": _("绑定动态口令"),
    "site.open": _("开设站点"),
    "audit.anchor": _("各链锚定"),
}
DETAIL_WORDS: dict[str, str | Promise] = {
    "step": _("环节"),
    "revision": _("版本"),
    "digest": _("内容摘要"),
    "opinion": _("意见"),
    "clearance": _("审查通过编号"),
    "reason": _("理由"),
    "slug": _("标识"),
    "role": _("角色"),
    "site": _("站点"),
    "code": _("站点代码"),
    "host": _("公众域名"),
    "console_host": _("后台域名"),
    "kind": _("类别"),
    "heads": _("各链末条"),
    "file": _("文件"),
}
VALUE_WORDS: dict[str, str | Promise] = {
    "content": _("内容审核"),
    "confidentiality": _("保密审查"),
    "portal": _("门户网站"),
    "department": _("部门网站"),
}


def act_label(act: str) -> str:
    """The act in words; one that has no words yet is shown as it is recorded."""
    return str(ACTS.get(act, act))
