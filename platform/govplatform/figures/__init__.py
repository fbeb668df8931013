"""What processes count of their work, for Prometheus; collected and shown by ``govplatform.monitor``."""
