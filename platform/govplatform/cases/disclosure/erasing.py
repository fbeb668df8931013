"""What is removed of a request after its term: who asked, how they are reached, words about people, files.

The statistics stay.
"""

from django.db import transaction
from django.utils import timezone

from ..actions import hold_case
from ..models import Attachment, Case, CaseStep, ClockStop, DisclosureRequest


def erase_request(case_id: int) -> int:
    """Remove the personal data of one request that has ended; return how many rows held any. May be called again.

    Kind of applicant, decision, days and ways stay: they are what the statutory table counts.
    """
    with transaction.atomic():
        case = hold_case(case_id)
        if not case.is_over:
            return 0
        erased = Attachment.objects.filter(case=case).delete()[0]
        stops = ClockStop.objects.filter(case=case).exclude(text="", reply="", third_party=None)
        erased += stops.update(text="", reply="", third_party=None)
        requests = DisclosureRequest.objects.filter(case=case).exclude(identity=None, particulars="", delivery_note="")
        erased += requests.update(identity=None, particulars="", delivery_note="")
        erased += Case.objects.filter(pk=case.pk, contact__isnull=False).update(contact=None)
        if erased:
            CaseStep.objects.create(case=case, act=CaseStep.Act.ERASED, at=timezone.now())
    return erased
