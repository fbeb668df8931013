"""Files with a letter in words: what the scan found in each, for who may open it and for who reviews the answer."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.cases.kinds import Kind
from govplatform.cases.models import Attachment, Case
from govplatform.confidentiality.place_words import rule_words, where_words
from govplatform.review.screens.state_facts import StateFact

from .models import ReplyPage

#: Places that are named of one rule; a list of a hundred telephones is told by its number.
_MOST_PLACES = 5


@dataclass(frozen=True)
class FileShown:
    """A file of a letter; ``findings``: a line for each rule, empty for who may not open the file."""

    file: Attachment
    findings: list[str]


def files_shown(case: Case, *, opens: bool) -> list[FileShown]:
    """Return the files of ``case``; what was found in them, and where, is for who may open them (``opens``)."""
    files = case.attachments.defer("data")
    return [FileShown(one, findings_in_words(one) if opens else []) for one in files]


def findings_in_words(file: Attachment) -> list[str]:
    """Return a line for each rule that found something, with the places in the order of the file."""
    places: dict[str, list[str]] = {}
    for found in file.findings:
        at = places.setdefault(found["rule"], [])
        at.append(where_words(found["where"]))
    return [_line(rule, at) for rule, at in places.items()]


def file_facts(page: Page) -> list[StateFact]:
    """Return what reviewers of an answer have to know of the letter's files, which they do not open.

    Not of a request for information: with it comes a copy of whatever proves who asks.
    """
    if not issubclass(page.specific_class or Page, ReplyPage):
        return []
    files = Attachment.objects.defer("data").filter(case__number=page.specific.case_number)
    lines = []
    for one in files.exclude(case__kind=Kind.DISCLOSURE):
        said = findings_in_words(one)
        if one.state == Attachment.State.BLOCKED:
            said.append(one.get_state_display())
        if said:
            lines.append(_("附件 %(n)d：%(said)s") % {"n": one.place, "said": "；".join(said)})
    return [StateFact(_("来信附件"), "。".join(lines), bad=True)] if lines else []


def _line(rule: str, places: list[str]) -> str:
    named = "、".join(dict.fromkeys(places[:_MOST_PLACES]))
    told = {"rule": rule_words(rule), "places": named, "n": len(places)}
    if len(places) > _MOST_PLACES:
        return _("%(rule)s（%(places)s等 %(n)d 处）") % told
    return _("%(rule)s（%(places)s）") % told
