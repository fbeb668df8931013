from .allowed_value import AllowedValue
from .import_draft import ImportDraft
from .stamp import DictionaryStamp
from .word import Word, WordChange, WordIgnore

__all__ = ["AllowedValue", "DictionaryStamp", "ImportDraft", "Word", "WordChange", "WordIgnore"]
