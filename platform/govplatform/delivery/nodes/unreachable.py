"""What every way to a node says when it leads nowhere."""


class Unreachable(Exception):
    """The node is not there, does not let us in, or says something else than a node says. The text is what came."""
