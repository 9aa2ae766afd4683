"""The command line: what people type, and the one line they read when it was wrong."""

from mockserver.cli.entry import main

__all__ = ["main"]
