"""Holds the token counts of a reply against each other: details add up to sums, and sums to the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.contract.difference import Difference, shown

if TYPE_CHECKING:
    from collections.abc import Iterator


def usage_faults(place: str, usage: object, *, details: bool) -> Iterator[Difference]:
    """Yield in which a usage object does not add up; `details` says whether the output's details are due."""
    sides = {"input": True, "output": details}
    keys = {"input_tokens", "output_tokens", "total_tokens"}
    keys |= {f"{side}_tokens_details" for side, due in sides.items() if due}
    if not isinstance(usage, dict) or usage.keys() != keys:
        yield Difference(f"keys of {place}", shown(sorted(keys)), shown(usage))
        return
    for side in [side for side, due in sides.items() if due]:
        total, each = usage[f"{side}_tokens"], usage[f"{side}_tokens_details"]
        if each.keys() != {"image_tokens", "text_tokens"} or sum(each.values()) != total:
            yield Difference(f"{place}.{side}_tokens_details", f"image and text tokens, {total} in all", shown(each))
    if usage["input_tokens"] + usage["output_tokens"] != usage["total_tokens"]:
        yield Difference(f"{place}.total_tokens", "input and output tokens in one", shown(usage))
