"""信息公开: the guide that every organ publishes, and its annual report."""
