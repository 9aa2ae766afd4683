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
    "no-such-model": Source("observed", "2025-09", "openai-dotnet SessionRecords, GetModelCanParseServiceError"),
    "no-such-file": Source("observed", "2026-06", "openai-dotnet SessionRecords, GetFileCanParseServiceError"),
    "azure-denied": Source("observed", "2026-08", "recorded body of 224 bytes"),
    "azure-not-found": Source("assumed", "", "Azure's answer to a path that it does not have"),
    "azure-no-deployment": Source("observed", "2026-03", "recorded body"),
    "too-many-images": Source("observed", "2026-09", "several public recordings, see 429-gpt-image-ipm"),
    "too-many-images-at-once": Source("observed", "2026", "public code index, file 69474669517"),
    "too-many-dall-e-images": Source("observed", "2024-05", "songquanpeng/one-api#881"),
    "budget-spent": Source("observed", "2026-07", "recorded body"),
    "dall-e-budget-spent": Source("observed", "2024-08", "recorded body, Content-Length 172"),
    "unknown-scenario": Source("ours", "", "scenarios are ours"),
    "space-required": Source("ours", "", "spaces are ours"),
    "not-a-day": Source("ours", "", "the header is ours"),
    "unparsable-form": Source("assumed", "", _GRAMMAR),
    "integer-not-convertible": Source("observed", "2026-08", _PARITY),
    "text-for-file": Source("observed", "2026", "BerriAI/litellm pull 41602"),
    "files-for-file": Source("observed", "2025-09", "AIProxyTeam/AIProxySwift#211, openai/openai-node#1492"),
    "duplicate-parameter": Source("observed", "2026", "astrbot_plugin_omnidraw pull 58, in part"),
    "empty-array": Source("observed", "2026-08", _PARITY),
    "array-too-long": Source("assumed", "", _GRAMMAR),
    "unsupported-mimetype": Source("observed", "2026-06", "crmne/ruby_llm cassette, Content-Length 277"),
    "missing-mimetype": Source("assumed", "", "the code alone is on record: sashabaranov/go-openai#1012"),
    "one-source-only": Source("assumed", "", _GRAMMAR),
    "image-in-json": Source("observed", "2026-08", _PARITY),
    "images-in-form": Source("observed", "2026-08", _PARITY),
    "fidelity-not-supported": Source("observed", "2026-09", "public code index, files 67433269838 and 69547300182"),
    "unreadable-upload": Source("observed", "2026-09", "public code index, files 70084918115 and 54552691458"),
    "unreadable-reference": Source("observed", "2026-08", "crmne/ruby_llm cassette, Content-Length 170"),
    "unknown-file-id": Source("assumed", "", _GRAMMAR),
    "mask-size-differs": Source("observed", "2026-06", "public code index, files 57544462828 and 15404253881"),
    "mask-without-alpha": Source("observed", "2025-07", "help.apiyi.com; public code index, file 55183050154"),
    "legacy-not-one-of": Source("observed", "2025-05", "community.openai.com t/1254300"),
    "legacy-below-minimum": Source("observed", "2023-11", "public code index, files 13940631209 and 35141790254"),
    "legacy-above-maximum": Source("observed", "2023", "public code index, files 46512631767 and 35141790254"),
    "legacy-wrong-type": Source("assumed", "", "JSON Schema's own wording, as its neighbours are"),
    "legacy-unexpected": Source("observed", "2023", "public code index, file 37252458173"),
    "legacy-missing": Source("observed", "2022-11", "public code index, file 48079440955"),
    "legacy-upload-format": Source("observed", "2024-03", "public code index, files 16066060521 and 13225214520"),
    "legacy-upload-mode": Source("observed", "2023-03", "sashabaranov/go-openai#188"),
    "legacy-upload-not-square": Source("observed", "2023", "public code index, files 4168273892 and 9947278441"),
    "legacy-mask-size": Source("assumed", "", _GRAMMAR),
    "picture-link-expired": Source("observed", "2023-03", "nextcloud/integration_openai#2"),
    "picture-link-forged": Source("assumed", "", _GRAMMAR),
    "picture-not-found": Source("assumed", "", _GRAMMAR),
}
"""Refusal id to its source. Files of a public code index are cited by their id there."""
