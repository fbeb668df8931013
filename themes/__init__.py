"""The themes of public sites: a complete base theme, and themes that override parts of it."""
