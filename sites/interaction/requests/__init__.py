"""依申请公开: the form by which citizens ask for information, the screen of a request, and its letter."""
