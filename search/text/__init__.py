"""From text to lexemes, the same for what is indexed and what is asked. No database, no Django."""
