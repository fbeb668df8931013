"""The sheet of the frame: everything whose words citizens read and that is no page of content under the gate.

Each kind names its fields: those that citizens read, and every other text field with the reason why it is none of
them. ``tests/review/frame/test_sheet.py`` compares that with the models, so a new field of text is decided about here.
Words of what these objects are made of by the platform itself (labels of column types, icons of services by their
title) stand in the code and are no one's to type (deploy/decisions/032-frame-texts.md).
"""

from content_library.vocabularies.frame_words import TERM
from govplatform.lifecycle.site_record import SITE_RECORD
from govplatform.review.frame.kinds import FrameKind

from .columns.frame_words import COLUMN
from .home.frame_words import HOME

SHEET: tuple[FrameKind, ...] = (HOME, COLUMN, TERM, SITE_RECORD)
