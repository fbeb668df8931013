"""The search for machines: answers as JSON with their OpenAPI document, suggestions, the OpenSearch description."""
