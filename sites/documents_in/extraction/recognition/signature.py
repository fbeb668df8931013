"""The recognition of a document's signature and date (落款, 成文日期) and of who issued it."""

from dataclasses import dataclass
from datetime import date

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.recognition.closing import lonely_date, signatures
from sites.documents_in.extraction.recognition.dates import parse_date
from sites.documents_in.extraction.recognition.offices import is_abbreviated, join_offices, office_of_title
from sites.documents_in.extraction.spacing import squeeze


@dataclass
class Signature:
    """The signature of a document: names as signed (several joined by 、), date, a warning if no such day exists.

    written: the date as it is written.
    """

    offices: str = ""
    signed_on: date | None = None
    warning: str = ""
    written: str = ""


def read_signature(elements: list[Element]) -> Signature:
    """Return the document's own signature: the first, since what the document forwards or encloses comes after it.

    Without names above or before a date, a bare date near the end (before enclosures) counts; else all is empty.
    """
    texts = [element.text if element.kind == "paragraph" else "" for element in elements]
    for signed in signatures(texts):
        return _signature(signed.offices, signed.day)
    alone = lonely_date(texts)
    return Signature() if alone is None else _signature([], texts[alone])


def issuing_body(*, title: str, labelled: str, signed: str, masthead: str) -> tuple[str, str]:
    """Return (issuing body, warning), each "" for none.

    The sources in this order: the label's value, the title, the signature, the masthead. It is never inferred from the
    document number: a damaged reading would put a real body in the place of another.
    """
    if labelled:
        return join_offices(labelled), ""
    titled = office_of_title(title)
    # "省政府办公厅关于……" names the rank only; the signature has the whole name.
    if titled and (not is_abbreviated(titled) or not (signed or masthead)):
        warning = ""
        if signed and squeeze(titled) not in squeeze(signed) and squeeze(signed) not in squeeze(titled):
            warning = said(
                gettext_noop("标题中的发文机关（%(titled)s）与落款（%(signed)s）不一致，已取标题，请核对。"),
                titled=titled,
                signed=signed,
            )
        return titled, warning
    if signed or masthead:
        return signed or masthead, ""
    return "", gettext_noop("没有识别出发文机关；如是政策文件，请人工填写。")


def _signature(offices: list[str], day: str) -> Signature:
    signed_on = parse_date(day.strip("（）()"))
    warning = "" if signed_on else said(gettext_noop("落款日期“%(day)s”不是存在的日期，请核对。"), day=day)
    return Signature(offices=join_offices("、".join(offices)), signed_on=signed_on, warning=warning, written=day)
