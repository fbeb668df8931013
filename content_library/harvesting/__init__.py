"""Taking in what another platform gives out: sources, runs, and what came from where (decision 013)."""
