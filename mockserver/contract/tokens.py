"""Turns one compact table of token counts, sizes by qualities, into the rows of its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.contract.fault import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FIELDS = {"model", "prompt", "input", "output", "measured", "text_output", "source", "observed"}


def rows(table: Mapping[str, Any], file: str) -> Iterator[dict[str, Any]]:
    """Yield a case row for each size and quality of `table`.

    A number listed under `measured` was read off a real reply; the others follow the formula. With
    `text_output` the model also bills text it writes, so that only the image tokens are judged.
    """
    name = f"tokens-{table.get('model', '?')}"
    unknown = sorted(set(table) - _FIELDS)
    missing = sorted({"model", "prompt", "output", "source"} - set(table))
    if unknown:
        raise fault(file, name, f"unknown key {unknown[0]!r} in [[tokens]]")
    if missing:
        raise fault(file, name, f"[[tokens]] lacks {missing[0]!r}")
    for size, qualities in table["output"].items():
        for quality, count in qualities.items():
            yield _row(table, size, quality, count)


def _row(table: Mapping[str, Any], size: str, quality: str, count: int) -> dict[str, Any]:
    model, measured = table["model"], count in table.get("measured", ())
    usage: dict[str, Any] = {"output_tokens_details": {"image_tokens": count}}
    if not table.get("text_output", False):
        usage["output_tokens"] = count
    if "input" in table:
        usage["input_tokens"] = table["input"]
    return {
        "id": f"tokens-{model}-{size}-{quality}",
        "about": f"{model}, {size}, {quality}: {count} image tokens",
        "source": table["source"],
        "observed": table.get("observed", "") if measured else "",
        "confidence": "paraphrase" if measured else "assumed",
        "json": {"model": model, "prompt": table["prompt"], "size": size, "quality": quality},
        "status": 200,
        "spends": True,
        "values": {"size": size, "quality": quality, "usage": usage},
    }
