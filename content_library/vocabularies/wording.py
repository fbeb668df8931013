"""The rules for a term's words, and the record of a change: what the acts on terms and the frame have in common."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.events.sheet import follow

from .events import TermChanged
from .models import Term, TermChange

LABEL_LENGTH, NOTE_LENGTH, MOST_ALIASES, ALIAS_LENGTH = 60, 300, 60, 40


def cleaned_names(names: Iterable[str]) -> list[str]:
    """Return ``names`` without blanks around them, empty ones and doubles."""
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def reasons_against_words(
    vocabulary: str, label: str, aliases: list[str], note: str, parent: Term | None, own: Term | None
) -> list[str]:
    """Say why a term may not have these words; ``own``: the term itself, where it stands among its siblings."""
    reasons = []
    if not label or len(label) > LABEL_LENGTH:
        reasons.append(_("名称要填写，最长 %(most)d 个字。") % {"most": LABEL_LENGTH})
    if len(note) > NOTE_LENGTH:
        reasons.append(_("说明最长 %(most)d 个字。") % {"most": NOTE_LENGTH})
    if len(aliases) > MOST_ALIASES or any(len(name) > ALIAS_LENGTH for name in aliases):
        reasons.append(
            _("别名最多 %(most)d 个，每个最长 %(length)d 个字。") % {"most": MOST_ALIASES, "length": ALIAS_LENGTH}
        )
    siblings = Term.objects.filter(vocabulary=vocabulary, parent=parent, label=label)
    others = siblings.exclude(status=Term.Status.RETIRED).exclude(pk=own.pk if own else 0)
    if (other := others.first()) is not None:
        reasons.append(_("同级已有名为“%(label)s”的词条（%(code)s）。") % {"label": label, "code": other.code})
    return reasons


def note_change(term: Term, act: str, detail: dict[str, Any], acting_user: User | None) -> None:
    """Write down what became of ``term``: for readers, who notice the new version, and in the record."""
    TermChange.objects.create(term=term, act=act, detail=detail, acting_user=acting_user)
    record_act(
        f"vocabulary.{act}",
        acting_user=acting_user,
        obj=term,
        detail={"vocabulary": term.vocabulary, "term": term.code, **detail},
        chain=PLATFORM_CHAIN,
    )
    if act != "propose":
        # Nobody reads the words of a proposal yet.
        follow(TermChanged(term=term, codes=_codes_of(term, detail)))


def _codes_of(term: Term, detail: dict[str, Any]) -> tuple[str, ...]:
    """The codes of terms of which readers may see something else: the term itself, those above it and before."""
    before = detail.get("parent", "")
    codes = {term.code, *([before] if isinstance(before, str) else before), *detail.get("order", ())}
    codes.update(other.code for other in (term.parent, term.merged_into) if other is not None)
    return tuple(sorted(codes - {""}))
