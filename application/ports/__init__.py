"""What the core asks of the world: one role a file, as ``typing.Protocol``."""
