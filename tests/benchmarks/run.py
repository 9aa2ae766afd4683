"""The command: measure the rows, print each as it comes, and say with the exit status how it went.

0: measured · 1: a row falls short, with `--strict` · 2: something broke.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import crowds
import footprint
import peers
import report
import serving
from measuring import Meter
from processes import BrokenError
from rows import Bench
from servers import Servers

if TYPE_CHECKING:
    from collections.abc import Callable

    from rows import Row

ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "hot": serving.hot,
    "peers": peers.against,
    "refusals": serving.refusals,
    "png": serving.png,
    "jpeg": serving.jpeg,
    "webp": serving.webp,
    "large": serving.large,
    "stream": serving.stream,
    "start": footprint.start,
    "memory": footprint.memory,
    "watching": crowds.watching,
    "spaces": crowds.spaces,
    "stalled": crowds.stalled,
}
"""The rows in the order of the goals table."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure mockserver against its goals.")
    parser.add_argument("--quick", action="store_true", help="about 40 seconds instead of four minutes")
    parser.add_argument("--only", action="append", choices=ROWS, metavar="ROW", help=f"one of {', '.join(ROWS)}")
    parser.add_argument("--peers", type=peers.read, default=(), help="[general:|ai:]NAME=BASE_URL, several in one text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a row falls short")
    return parser.parse_args()


def bench(asked: argparse.Namespace, servers: Servers) -> Bench:
    """Return what the run measures with."""
    if asked.quick:
        return Bench(Meter(3, 0.5), servers, starts=7, pictures=2_000, full=False, peers=asked.peers)
    return Bench(Meter(7, 1.0), servers, starts=15, pictures=10_000, full=True, peers=asked.peers)


def measure(bench: Bench, names: list[str]) -> tuple[list[Row], list[str]]:
    """Print the rows as they are measured; return them, and the names of those that broke."""
    rows: list[Row] = []
    broken: list[str] = []
    for name in names:
        try:
            measured = ROWS[name](bench)
        except BrokenError as error:
            broken.append(name)
            print(f"{name}: broke: {error}", flush=True)
            continue
        rows += measured
        print("\n".join(map(report.row, measured)), end="\n" if measured else "", flush=True)
    return rows, broken


def main() -> int:
    """Measure, print, and return the exit status."""
    asked = arguments()
    with Servers() as servers:
        prepared = bench(asked, servers)
        machine = report.machine("wrk" if prepared.meter.by_wrk else "own loader")
        print(machine, report.heading(), sep="\n\n", flush=True)
        rows, broken = measure(prepared, asked.only or list(ROWS))
    if not asked.peers:
        print('\nOther mocks join the hot row with PEERS="general:NAME=BASE_URL ai:NAME=BASE_URL".')
    if asked.json:
        told = {"machine": machine, "rows": [{**asdict(row), "verdict": row.verdict} for row in rows]}
        asked.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    short = any(row.verdict == "falls short" for row in rows)
    return 2 if broken else int(short and asked.strict)


if __name__ == "__main__":
    sys.exit(main())
