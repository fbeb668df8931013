"""The engines: each does what ``search.engine.Engine`` says, over an index of its own."""
