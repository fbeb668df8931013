"""Writing in the console: what is pasted into a text, the tidying of a text, tables as a grid."""
