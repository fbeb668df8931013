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
    "page.schedule_refused": _("定时发布被拒绝"),
    "page.expire": _("到期下线"),
    "document.import": _("导入文档"),
    "home.pin_headline": _("设置头条"),
    "column.create": _("新建栏目"),
    "column.change": _("修改栏目"),
    "role.grant": _("授予角色"),
    "role.revoke": _("收回角色"),
    "account.create": _("新建账号"),
    "account.password": _("修改密码"),
    "account.deactivate": _("停用账号"),
    "account.second_factor": _("绑定动态口令"),
    "account.sign_in": _("登录"),
    "account.sign_in_failed": _("登录失败"),
    "account.sign_out": _("退出"),
    "site.open": _("开设站点"),
    "site.change": _("变更站点"),
    "console.create": _("新建"),
    "console.edit": _("编辑"),
    "console.delete": _("删除"),
    "console.rename": _("改名"),
    "console.revert": _("恢复旧版本"),
    "console.copy": _("复制"),
    "console.move": _("移动"),
    "console.reorder": _("调整顺序"),
    "console.publish": _("发布栏目"),
    "console.unpublish": _("撤下"),
    "console.lock": _("锁定"),
    "console.unlock": _("解锁"),
    "console.schedule.cancel": _("取消定时"),
    "console.comments.create": _("添加批注"),
    "console.comments.edit": _("修改批注"),
    "console.comments.delete": _("删除批注"),
    "console.comments.resolve": _("解决批注"),
    "console.comments.create_reply": _("回复批注"),
    "console.comments.edit_reply": _("修改批注回复"),
    "console.comments.delete_reply": _("删除批注回复"),
    "audit.anchor": _("各链锚定"),
    "demo.load": _("装入演示内容"),
}
#: What is worth a word on the line; the whole of the detail stands behind it.
DETAIL_WORDS: dict[str, str | Promise] = {
    "step": _("环节"),
    "opinion": _("意见"),
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
    "username": _("用户名"),
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
