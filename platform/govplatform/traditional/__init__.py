"""Pages in traditional characters: the same page at an address of its own, converted on the server (decision 085)."""
