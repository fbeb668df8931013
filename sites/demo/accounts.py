"""The one password of the demo's accounts. Demo settings only; production has none of them."""

DEMO_PASSWORD = "Demo-2026-yunjiang"
