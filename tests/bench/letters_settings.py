"""The demo's settings for ``tests.bench.letters``: one machine plays many, so no limit for each address."""

from govplatform.settings.demo import *  # noqa: F403
from govplatform.settings.demo import OUTWARD_LIMITS

OUTWARD_LIMITS = dict.fromkeys(OUTWARD_LIMITS, 1000000)
