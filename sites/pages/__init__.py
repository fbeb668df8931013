"""The base page type and its parts: blocks, forms, text, rendering, context."""
