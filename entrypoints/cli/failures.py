"""How a command says that it could not do its work."""


class CommandFailed(Exception):
    """Ends the command; the text is for people: what is wrong and, after it, the way out."""
