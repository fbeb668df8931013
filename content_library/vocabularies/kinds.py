"""The five vocabularies: what each is called, how its codes look, where its terms are used."""

import re
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class VocabularyKind(models.TextChoices):
    SUBJECT = "subject", _("主题分类")
    KIND = "kind", _("体裁")
    AUDIENCE = "audience", _("服务对象")
    ORGANISATION = "organisation", _("机构")
    DISCLOSURE = "disclosure", _("公开方式")


@dataclass(frozen=True)
class Vocabulary:
    """One vocabulary.

    ``levels``: how deep its tree may be; ``fixed``: the platform's own code reads its codes, so that
    terms may be renamed and put in order, but neither added nor taken away.
    """

    code: str
    label: str | Promise
    about: str | Promise
    #: One pattern per level.
    patterns: tuple[str, ...]
    pattern_words: str | Promise
    #: Begins the codes that the platform draws itself ('' for the numbers of the subjects).
    prefix: str = ""
    fixed: bool = False

    @property
    def levels(self) -> int:
        return len(self.patterns)

    def fits(self, code: str, level: int) -> bool:
        """Tell whether ``code`` is written as codes of ``level`` (0: top) are."""
        return level < self.levels and re.fullmatch(self.patterns[level], code) is not None


#: As long as the narrowest column that holds such a code.
_WORD = r"[a-z][a-z0-9_]{0,19}"
_WORD_WORDS = _("小写字母开头，由小写字母、数字和下划线组成，最长 20 个字符")

VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.code: vocabulary
    for vocabulary in (
        Vocabulary(
            "subject",
            VocabularyKind.SUBJECT.label,
            _("政府信息的主题类目，分大类和小类两级。"),
            (r"\d{2}", r"\d{4}"),
            _("大类两位数字，小类四位数字"),
        ),
        Vocabulary(
            "kind", VocabularyKind.KIND.label, _("公文和其他信息的种类。"), (_WORD,), _WORD_WORDS, prefix="kind"
        ),
        Vocabulary(
            "audience",
            VocabularyKind.AUDIENCE.label,
            _("信息和服务面向的人群。"),
            (_WORD,),
            _WORD_WORDS,
            prefix="audience",
        ),
        Vocabulary(
            "organisation",
            VocabularyKind.ORGANISATION.label,
            _("发文机关和主办单位，上级机构之下可列内设或直属机构。"),
            (_WORD, _WORD),
            _WORD_WORDS,
            prefix="org",
        ),
        Vocabulary(
            "disclosure",
            VocabularyKind.DISCLOSURE.label,
            _("信息公开的方式。代码由平台规则使用，只能改名、加别名和排序。"),
            (r"[a-z_]{1,12}",),
            _("小写字母和下划线"),
            fixed=True,
        ),
    )
}
