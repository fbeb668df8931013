"""Offered roles: who offers, who confirms, who accepts."""
