"""The demo's settings; with ``BENCH_ADD_FIELD`` one migration more."""

import os

from govplatform.settings.demo import *  # noqa: F403

if os.environ.get("BENCH_ADD_FIELD"):
    MIGRATION_MODULES = {"articles": "tests.bench.added_field.platform"}
