"""What a sender does after the letter was sent in: add to it once while it is open, judge the answer once.

Like the letter itself these are a stranger's acts: they write a step of the case and no line of a site's chain. Who
calls has asked for number and code (``queries.case_of_sender``).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason, Refused

from .actions import hold_case
from .kinds import RULES, Kind
from .letters import checked_text
from .models import Case, CaseStep, Judgement, Supplement

#: Characters.
ADDED, JUDGED = 2000, 500


def add_to_case(case: Case, text: str) -> Supplement:
    """Keep what its sender adds. Sent twice with the same words (a double click) it is kept once. Raises Refused."""
    text = checked_text(text, ADDED, "added", _("补充内容"))
    if RULES[case.kind].decided:
        raise Refused(PlacedReason(_("这件申请现在不需要补正。要申请别的信息，请另交一件申请。"), "added"))
    with transaction.atomic():
        case = hold_case(case.pk)
        if (made := Supplement.objects.filter(case=case).first()) is not None:
            if made.text == text:
                return made
            raise Refused(PlacedReason(_("这件来信已经补充过一次，不能再补充。另有情况请再写一封信。"), "added"))
        if case.is_over:
            raise Refused(PlacedReason(_("这件来信已经办结，不能再补充。另有情况请再写一封信。"), "added"))
        now = timezone.now()
        made = Supplement.objects.create(case=case, text=text, at=now)
        CaseStep.objects.create(case=case, act=CaseStep.Act.SUPPLEMENTED, at=now)
    return made


def judge_answer(case: Case, grade: str, words: str = "") -> Judgement:
    """Keep what its sender thinks of the answer. Raises Refused."""
    words = checked_text(words, JUDGED, "words", _("意见"), needed=False)
    if grade not in Judgement.Grade.values:
        raise Refused(PlacedReason(_("评价：请选择满意、基本满意或者不满意。"), "grade"))
    with transaction.atomic():
        case = hold_case(case.pk)
        if (made := Judgement.objects.filter(case=case).first()) is not None:
            if (made.grade, made.words) == (grade, words):
                return made
            raise Refused(PlacedReason(_("这件来信的答复已经评价过，不能更改。"), "grade"))
        if case.kind == Kind.DISCLOSURE:
            words = _("依申请公开的答复不作评价；不服的，可以按答复书写明的途径申请行政复议或者提起行政诉讼。")
            raise Refused(PlacedReason(words, "grade"))
        if case.erased_at is not None:
            raise Refused(PlacedReason(_("这件来信中的个人信息已经到期删除，不能再评价。"), "grade"))
        if case.state != Case.State.REPLIED:
            raise Refused(PlacedReason(_("这件来信还没有答复，答复以后才能评价。"), "grade"))
        now = timezone.now()
        made = Judgement.objects.create(case=case, grade=grade, words=words, at=now)
        CaseStep.objects.create(case=case, act=CaseStep.Act.JUDGED, at=now)
    return made


def told_by_sender(case: Case) -> str:
    """Return the text of the letter with what was added to it."""
    added = Supplement.objects.filter(case=case).values_list("text", flat=True).first()
    return "\n\n".join((case.text, "\n".join((_("补充："), added)))) if added else case.text
