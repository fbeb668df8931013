"""The base type of content pages and what belongs to it: blocks, forms, text, rendering, template context."""
