"""Words of the frame (home page, columns) when a site goes back: those that stand today, where the object still stands.

What was corrected since may have been corrected for a reason, and no review stands between the earlier words and the
citizens: they are on every page at once.
"""

from typing import Any

from wagtail.images import get_image_model

from govplatform.accounts.models import User
from govplatform.review.frame.actions import clear_merged
from govplatform.review.frame.guard import words_are_cleared
from govplatform.review.frame.kinds import FrameKind, Texts, frame_kinds
from govplatform.review.frame.pictures import PICTURE

#: (code of the kind, number of the object) -> its words.
Words = dict[tuple[str, int], Texts]
#: An address is no word, and the earlier state may have another object at today's.
_ADDRESS = "slug"


def words_that_stand() -> Words:
    """The cleared words of what the current site shows of its own. Call before its earlier state takes its place."""
    return {
        (kind.code, obj.pk): kind.texts_of(obj) for kind in _kinds() for obj in kind.shown() if words_are_cleared(obj)
    }


def keep_words(today: Words, *, acting_user: User | None) -> list[str]:
    """Have the objects of the earlier state say what they said ``today``; return their names, ``columns.column:7``.

    Call in the transaction of the return, in the site.
    """
    kept = []
    for kind in _kinds():
        for obj in list(kind.shown()):
            present, told = kind.texts_of(obj), today.get((kind.code, obj.pk))
            if told is None or _without_address(told) == _without_address(present):
                continue
            wanted = _without_address(_with_pictures_that_are_there(kind, told))
            for name, words in wanted.items():
                setattr(obj, name, words)
            if not words_are_cleared(obj):
                clear_merged(obj, acting_user=acting_user)
            # also when they are the earlier ones: what is made of them may be today's (the head of all pages)
            kind.apply(obj, wanted, acting_user=acting_user)
            kept.append(f"{kind.code}:{obj.pk}")
    return kept


def pictures_made() -> set[str]:
    """Files of all sizes of pictures that the current site has; keeping words may have made some."""
    sizes = get_image_model().get_rendition_model()._default_manager
    return set(sizes.values_list("file", flat=True))


def _kinds() -> list[FrameKind]:
    """Those whose objects lie in the site; what sites share does not go back."""
    return [kind for kind in frame_kinds() if not kind.shared]


def _without_address(texts: Texts) -> Texts:
    return {name: words for name, words in texts.items() if name != _ADDRESS}


def _with_pictures_that_are_there(kind: FrameKind, texts: Texts) -> Texts:
    """Without rows of pictures that came since: neither their rows nor their files are in the earlier state."""
    rows: list[dict[str, Any]] = [row for name in kind.pictures for row in texts[name]]
    numbers = {row[PICTURE] for row in rows if row.get(PICTURE)}
    there = set(get_image_model()._default_manager.filter(pk__in=numbers).values_list("pk", flat=True))
    gone = numbers - there
    return {
        name: [row for row in words if row.get(PICTURE) not in gone] if name in kind.pictures else words
        for name, words in texts.items()
    }
