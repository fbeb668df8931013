"""What reviewers see and press."""
