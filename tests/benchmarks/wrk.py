"""The same load by wrk, where it is installed; it tells less, so `load` stays in charge of streams."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from load import COUNTER, Measured

if TYPE_CHECKING:
    from load import Load

COMMAND = shutil.which("wrk")
"""The program; None where it is not installed."""

SCRIPT = """
local halves = HALVES
local number = FIRST
function request()
  local half = halves[number % #halves + 1]
  number = number + 1
  if half[2] == "" then return half[1] end
  return half[1] .. string.format("COUNTER", number - 1) .. half[2]
end
function done(summary, latency, requests)
  local wrong = summary.errors
  local broken = wrong.connect + wrong.read + wrong.write + wrong.timeout
  io.write(string.format('\\n{"replies": %d, "microseconds": %d, "status": %d, "broken": %d}\\n',
    summary.requests, summary.duration, wrong.status, broken))
end
"""


def script(load: Load) -> str:
    """Return the Lua that makes the requests of `load` and reports in JSON."""
    halves = ", ".join(f"{{{json.dumps(before)}, {json.dumps(after)}}}" for before, after in load.requests)
    return SCRIPT.replace("HALVES", f"{{{halves}}}").replace("FIRST", str(load.first)).replace("COUNTER", COUNTER)


def drive(load: Load) -> Measured:
    """Drive `load` for its seconds, rounded up; wrk only tells statuses below 400 from those above.

    Raises ConnectionError when wrk cannot connect.
    """
    with tempfile.TemporaryDirectory() as directory:
        lua = Path(directory) / "load.lua"
        lua.write_text(script(load), encoding="utf-8")
        seconds = math.ceil(load.seconds)
        url = f"http://{load.host}:{load.port}/"
        options = ["-t1", f"-c{load.connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(lua)]
        command = [str(COMMAND), *options, url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # no shell
    if done.returncode:
        raise ConnectionError(done.stderr.strip() or done.stdout.strip())
    told = json.loads(done.stdout.strip().rpartition("\n")[2])
    refused = told["status"]
    errors = told["broken"] + (refused if load.status < 400 else told["replies"] - refused)
    return Measured(told["replies"], told["microseconds"] / 1e6, errors, "as counted by wrk" if errors else "", 0.0)
