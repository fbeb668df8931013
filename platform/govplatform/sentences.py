"""Sentences of code that runs without Django, in guarded processes: written there, translated where they are shown."""

from typing import Any


def gettext_noop(sentence: str) -> str:
    """The same sentence, marked for the catalogue; Django's own mark would load Django into the guarded process."""
    return sentence


class Sentence(str):
    """Reads in Chinese like any text, and remembers the sentence of the catalogue and what was put into it."""

    sentence: str
    values: dict[str, Any]


def said(sentence: str, **values: Any) -> str:
    """A Sentence: one of the catalogue with ``values`` put into its places; a value may be such a sentence itself."""
    text = Sentence(sentence % values if values else sentence)
    text.sentence, text.values = sentence, values
    return text


def packed(value: Any) -> Any:
    """What JSON can carry of a sentence; anything else as it is."""
    if isinstance(value, Sentence):
        return {"sentence": value.sentence, "values": {name: packed(one) for name, one in value.values.items()}}
    return value


def unpacked(value: Any) -> Any:
    """The reverse of ``packed``."""
    if isinstance(value, dict):
        return said(value["sentence"], **{name: unpacked(one) for name, one in value["values"].items()})
    return value


def translated(text: str) -> str:
    """The text in the reader's language; only where Django runs."""
    from django.utils.translation import gettext

    if not isinstance(text, Sentence):
        return gettext(text)
    values = {name: translated(one) if isinstance(one, Sentence) else one for name, one in text.values.items()}
    return gettext(text.sentence) % values if values else gettext(text.sentence)
