"""The one exception of the embedded server."""


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL cannot be started, reached or stopped; the message is for the operator, in Chinese."""
