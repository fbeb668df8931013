"""Where the checkout is, and the one folder below which an installation writes."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(os.environ.get("GOVPLATFORM_VAR", BASE_DIR / "var"))
