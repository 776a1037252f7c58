"""The command line: ``companion --help``."""
