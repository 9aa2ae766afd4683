"""The command line that certifies a client again, as a witness tells it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def again(option: str, client: str, *, python: str | None = None, allow: Path | None = None) -> str:
    """Return the command, to which `--only` and `--seed` can be added.

    Args:
        option: `--client` or `--client-cmd`.
        client: what is written behind it.
        python: the interpreter of a callable; None for this one.
        allow: a file of allowances; None for none.
    """
    words = ["mockserver", "certify", option, client]
    words += ["--python", python] if python else []
    words += ["--allow", str(allow)] if allow else []
    return shlex.join(words)
