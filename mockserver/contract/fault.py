"""What is wrong in a file of cases, said so that the line is found."""

from __future__ import annotations


def fault(file: str, name: str, text: str) -> ValueError:
    """Return the error that says what is wrong, in which file and in which case."""
    return ValueError(f"{file}: {name + ': ' if name else ''}{text}")
