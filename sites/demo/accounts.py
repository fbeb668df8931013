"""The password that all accounts of the demo share. Used with demo settings only; production has no such account."""

DEMO_PASSWORD = "Demo-2026-yunjiang"
