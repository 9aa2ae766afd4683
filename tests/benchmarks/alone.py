"""The renderer alone: `render` in a loop on one core, a fresh prompt each time, without HTTP."""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time

from mockserver.pictures import OutputFormat, Picture, render


def fresh(number: int, output_format: OutputFormat) -> Picture:
    """Return the picture that the server would be asked for as its `number`th."""
    prompt = f"A lighthouse at dawn in the style of an old travel poster, print {number:09d}"
    digest = hashlib.sha256(prompt.encode()).hexdigest()
    caption = "gpt-image-1 · 1024x1024 · 1/1"
    return Picture(digest, prompt, caption, 1024, 1024, output_format)


def median_seconds(output_format: OutputFormat, seconds: float, first: int) -> float:
    """Render for `seconds` and return the median time of one picture."""
    render(fresh(first, output_format))  # loads Pillow and the fonts, once
    times: list[float] = []
    deadline = time.perf_counter() + seconds
    while not times or time.perf_counter() < deadline:
        picture = fresh(first + 1 + len(times), output_format)
        began = time.perf_counter()
        render(picture)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(median_seconds(asked["output_format"], asked["seconds"], asked["first"])))
