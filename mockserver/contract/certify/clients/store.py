"""Where what clients need is kept between runs: each folder made once, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLE: Final = "MOCKSERVER_CLIENT_CACHE"
"""Names another folder in the environment."""


def home() -> Path:
    """Return the folder that keeps everything; it may not exist."""
    return Path(os.environ.get(VARIABLE) or _caches() / "images-mockserver" / "clients")


def _caches() -> Path:
    """Return where this platform keeps what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def kept(
    folder: Path, make: Callable[[Path], None], *, whole: Callable[[Path], bool], wait: Callable[[], None]
) -> None:
    """Have `make` fill a folder beside `folder` and rename it, unless `folder` is `whole` already.

    Processes and threads that want the same folder take turns; `wait` is called where another one is at it. What a
    killed process has left half-made is thrown away.
    """
    if whole(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _turn(folder.with_name(f"{folder.name}.lock"), wait):
        if whole(folder):
            return
        making = folder.with_name(f"{folder.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        try:
            make(making)
            shutil.rmtree(folder, ignore_errors=True)
            making.rename(folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)


@contextlib.contextmanager
def _turn(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that the system takes back from a process that ends."""
    with path.open("ab") as file:
        if not _locked(file, block=False):
            wait()
            _locked(file, block=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes], *, block: bool) -> bool:
        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if block else msvcrt.LK_NBLCK, 1)
            except OSError:  # LK_LOCK gives up after ten seconds
                if not block:
                    return False
            else:
                return True

else:
    import fcntl

    def _locked(file: IO[bytes], *, block: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if block else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
