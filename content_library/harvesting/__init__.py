"""Harvesting: importing what another platform offers; sources, runs, and what came from where (decision 013)."""
