"""到期删除: personal data is removed when its term is over, numbers stay (deploy/decisions/099)."""
