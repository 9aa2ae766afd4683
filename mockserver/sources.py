"""Where every refusal was seen: the id that a reply carries in `x-mock-rule`, and who observed it when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["observed", "assumed", "ours"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence comes from: seen on the real API, assumed by its grammar, or ours alone."""

    kind: Kind
    seen: str
    """When it was last seen, `YYYY-MM`; empty when it never was."""

    where: str


_PARITY = "kangminlee-maker/local-OAuth-CLI-API-adapter, parity run against the live API"
_GRAMMAR = "by the grammar of its neighbours"

RULES: Final[Mapping[str, Source]] = {
    "no-api-key": Source("observed", "2026-02", "public code index, files 54170411906 and 47860987510"),
    "incorrect-api-key": Source(
        "observed", "2026-06", "openai-dotnet SessionRecords, GenerateImageCanParseServiceError"
    ),
    "unknown-path": Source("observed", "2026-08", _PARITY),
    "wrong-method": Source("observed", "2026", "public code index, files 17718962711 and 60512985175"),
    "unparsable-json": Source("observed", "2024", "public code index, file 5703514047"),
    "unsupported-content-type": Source("observed", "2025-08", "openai-python#2749, microsoft/genaiscript#1913"),
    "body-too-large": Source("observed", "2025-05", "community.openai.com t/1254364"),
    "body-stalled": Source("ours", "", "the real API's time limit for a slow body is unknown"),
    "missing-parameter": Source("observed", "2026-08", _PARITY),
    "unknown-parameter": Source("observed", "2026-09", _PARITY),
    "wrong-type": Source("observed", "2026-08", _PARITY),
    "value-not-supported": Source("observed", "2026-08", _PARITY),
    "integer-below-minimum": Source("observed", "2026-08", _PARITY),
    "integer-above-maximum": Source("observed", "2026-08", _PARITY),
    "empty-string": Source("observed", "2026-08", _PARITY),
    "string-too-long": Source("observed", "2026-09", "epam/ai-dial-adapter-openai integration test"),
    "model-does-not-exist": Source("observed", "2026-08", "maruel/genai cassette bad_model_image; " + _PARITY),
    "size-not-parsable": Source("observed", "2026-08", _PARITY),
    "size-not-divisible": Source("observed", "2026-08", _PARITY),
    "size-too-wide": Source("observed", "2026-09", "public code index, files 70943577692 and 57420867239"),
    "size-edge-too-long": Source("observed", "2026-09", "public code index, files 51772929603 and 69343552890"),
    "size-below-budget": Source("observed", "2026-09", "public code index, files 51772929603 and 56793116432"),
    "size-above-budget": Source("observed", "2026-09", "errors seen beside size-below-budget"),
    "transparency-not-supported": Source("observed", "2026-10", "public code index, file 71488440084"),
    "transparent-jpeg": Source("observed", "2026-08", "public code index, file 67201650094"),
    "compressed-png": Source("observed", "2026", "public code index, files 56145909444 and 54585008848"),
    "partial-images-without-stream": Source(
        "observed", "2026-10", "stdapi-ai/stdapi.ai; public code index 70777578148"
    ),
    "stream-of-many": Source("observed", "2026-09", "public code index, files 62380844253 and 68324902174"),
    "picture-link-expired": Source("observed", "2023-03", "nextcloud/integration_openai#2"),
    "picture-link-forged": Source("assumed", "", _GRAMMAR),
    "picture-not-found": Source("assumed", "", _GRAMMAR),
}
"""Refusal id to its source. Files of a public code index are cited by their id there."""
