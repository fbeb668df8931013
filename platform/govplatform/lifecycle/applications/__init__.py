"""What a site asks for: filing, papers, and the decisions level by level."""
