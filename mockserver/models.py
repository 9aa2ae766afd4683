"""The rule table: one row per model, and nothing about a model anywhere else.

`generate` maps each parameter that a model knows on `/v1/images/generations` to its rule; an absent name is an unknown
parameter, and the order of the names is the order of checks (measured on gpt-image-2 in 2026-08: prompt, n, then
quality before output_compression before size; the places of the others are assumed).

Sources, cited below by their key: [ref] official API reference, copies of 2026-08 and 2026-10; [guide] official image
guide; [price] official model, pricing and deprecation pages, read 2026-09 to 2026-11; [list] a /v1/models list of
2026-10-05; [seen] recorded replies of ruby_llm, openai-dotnet and dd-trace cassettes, 2023 to 2026; [parity] a parity
run against the live API, 2026-08; [timed] latency medians published 2026-07 to 2026-10; [assumed] no source, taken
from the nearest row.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from mockserver.rules import AnyText, Anything, Flag, OneOf, PixelBudget, Text, Whole
from mockserver.uploads import Files, MaskFile, MaskReference, References
from mockserver.usage import PatchInput, PatchTokens, Price, TableTokens, TileInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.apis import Api
    from mockserver.rules import Rule
    from mockserver.usage import InputTokens, OutputTokens


@dataclass(frozen=True, slots=True)
class LegacyFiles:
    """What the legacy stack wants of a picture: a square PNG."""

    most_bytes: int
    edit_modes: tuple[str, ...]
    """Colour modes, as Pillow names them, that edits read."""

    variation_modes: tuple[str, ...]
    """And those that variations read."""


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the server knows of one model."""

    id: str

    generate: Mapping[str, Rule]
    """Parameter to rule on generations, in the order of checks; `model` itself is understood."""

    defaults: Mapping[str, object]
    """What an omitted parameter means."""

    edit: Mapping[str, Rule]
    """Parameter to rule on edits, but for what names the pictures; empty where the model does not edit."""

    released: date
    """First day on which the API knew the id."""

    retired: date | None
    """First day on which it no longer does; None while no date is announced."""

    created: int
    """Unix seconds, as /v1/models tells them."""

    auto_sizes: tuple[str, ...]
    """What `auto` may turn into; the service chooses by content, we by the request's digest."""

    seconds: Mapping[str, float]
    """How long the real model takes, by size or by quality as asked for."""

    file_weight: Mapping[str, float]
    """Bytes per pixel of a real PNG, by quality."""

    pixels: PixelBudget | None = None
    """The budget of a free WIDTHxHEIGHT; None where `size` is a fixed list."""

    auto_quality: str = "medium"
    """What quality `auto` turns into."""

    transparent: bool = True
    """Whether a transparent background is served."""

    fidelity: bool = True
    """Whether `input_fidelity` is served; where it is not, the parameter is known and refused."""

    files: LegacyFiles | None = None
    """What the legacy stack wants of an uploaded picture; None where the newer checks apply."""

    tokens: OutputTokens | None = None
    """How output is counted; None where replies carry no usage."""

    input_tokens: InputTokens | None = None
    """How pictures that come in are counted; None where replies carry no usage."""

    text_out: Mapping[str, int] = field(default_factory=dict)
    """Text tokens that a picture costs beside its image tokens, by quality."""

    price: Price | None = None
    """Dollars per million tokens; None where pictures have a price each."""

    each: Mapping[str, float] = field(default_factory=dict)
    """Dollars per picture by `quality size`, where tokens are not counted."""

    images_per_minute: tuple[int, int, int, int, int] = (5, 20, 50, 150, 250)
    """On tiers 1 to 5: gpt-image-2 and 2.5 [price]; tier 1 of DALL-E seen as 5; others [assumed]."""

    generation_ids: bool = False
    """Whether each picture of a reply has a `generation_id`."""

    revises_prompt: bool = False
    """Whether each picture of a reply has a `revised_prompt`."""

    def seconds_for(self, quality: str, size: str) -> float:
        """Return the seconds that a picture of this size and asked quality takes."""
        return self.seconds.get(size) or self.seconds[quality]


PROMPT_OVERHEAD: Final = 6
"""Text tokens that every gpt-image generation costs beyond its prompt [seen]."""

HIGH_FIDELITY: Final = {True: 4160, False: 6240}
"""Tokens that high fidelity adds to each input, by whether it is square [guide]."""

LOSSY_FILE_WEIGHT: Final = 0.09
"""Bytes per pixel of a real JPEG: one sample, 140,908 bytes at 1536x1024, 2025-10 [seen]; of a WebP [assumed]."""

_SQUARE_PORTRAIT_LANDSCAPE = ("1024x1024", "1024x1536", "1536x1024")

_GPT_DEFAULTS: Final[Mapping[str, object]] = {  # [ref]
    "n": 1,
    "quality": "auto",
    "background": "auto",
    "output_format": "png",
    "output_compression": 100,
    "moderation": "auto",
    "partial_images": 0,
    "stream": False,
    "size": "auto",
}

_GPT_FIXED: Final[Mapping[str, Rule]] = {  # limits [ref]; order of list items and of checks [parity]
    "prompt": Text(32_000),
    "n": Whole(1, 10),
    "quality": OneOf(("low", "medium", "high", "auto")),
    "background": OneOf(("transparent", "opaque", "auto")),
    "output_format": OneOf(("png", "webp", "jpeg")),
    "output_compression": Whole(0, 100),
    "moderation": OneOf(("auto", "low")),
    "partial_images": Whole(0, 3),
    "stream": Flag(),
    "size": OneOf((*_SQUARE_PORTRAIT_LANDSCAPE, "auto")),
    "user": Anything(),
}
_GPT_FREE: Final[Mapping[str, Rule]] = {**_GPT_FIXED, "size": AnyText()}

_FIDELITY: Final = OneOf(("high", "low"))  # [guide]; list order as the Responses tool has it
_EDIT_FIXED: Final = {**_GPT_FIXED, "input_fidelity": _FIDELITY}
_EDIT_FREE: Final = {**_GPT_FREE, "input_fidelity": _FIDELITY}

_TABLE = TableTokens(  # [guide]; 272, 1056, 1584, 4160 and 6240 [seen]
    by_quality={"low": (272, 408, 400), "medium": (1056, 1584, 1568), "high": (4160, 6240, 6208)},
    each_partial=100,  # 1256 = 1056 + 200, JetBrains/tracy, 2026-03-23
)
_BUDGET = PixelBudget(multiple=16, ratio=3, edge=3840, least=655_360, most=8_294_400)  # [guide] [parity]
_FREE_AUTO = ("1122x1402", "1254x1254", "1672x941")  # first seen on generations, the others on edits, 2026-09

_DALL_E_2: Final[Mapping[str, Rule]] = {  # [ref]; quality is unknown to the validator of 2025-06
    "prompt": Text(1000),
    "n": Whole(1, 10),
    "response_format": OneOf(("url", "b64_json")),
    "size": OneOf(("256x256", "512x512", "1024x1024")),
    "user": Anything(),
}

DALL_E_2 = Model(
    id="dall-e-2",
    generate=_DALL_E_2,
    edit=_DALL_E_2,
    defaults={"n": 1, "quality": "standard", "response_format": "url", "size": "1024x1024"},
    released=date(2022, 11, 3),
    retired=date(2026, 5, 12),  # [price]
    created=1698798177,  # [list]
    auto_sizes=(),
    seconds={"standard": 8.7},  # 6.7 to 12 at 256x256 [seen]; other sizes [assumed]
    file_weight={"standard": 3.0},  # 197 KB at 256x256 [seen]
    auto_quality="standard",
    transparent=False,
    # [ref]; modes: sashabaranov/go-openai#188 and public code index, file 9947278441, 2023
    files=LegacyFiles(4 * 1024 * 1024, ("RGBA", "LA", "L"), ("RGB", "RGBA")),
    each={"standard 256x256": 0.016, "standard 512x512": 0.018, "standard 1024x1024": 0.020},  # [price]
)

DALL_E_3 = Model(
    id="dall-e-3",
    generate={  # [ref]; n=1 only, quality list: live calls of 2025
        "prompt": Text(4000),
        "n": Whole(1, 1),
        "quality": OneOf(("standard", "hd")),
        "response_format": OneOf(("url", "b64_json")),
        "style": OneOf(("vivid", "natural")),
        "size": OneOf(("1024x1024", "1024x1792", "1792x1024")),
        "user": Anything(),
    },
    edit={},
    defaults={
        "n": 1,
        "quality": "standard",
        "response_format": "url",
        "style": "vivid",
        "size": "1024x1024",
    },
    released=date(2023, 11, 6),
    retired=date(2026, 5, 12),  # [price]
    created=1698785189,  # [list]
    auto_sizes=(),
    seconds={"1024x1024": 12.6, "1024x1792": 17.0, "1792x1024": 17.0},  # medians [seen]
    file_weight={"standard": 1.3, "hd": 1.3},  # 1.38 MB at 1024x1024, 2.2 MB at 1792x1024 [seen]
    auto_quality="standard",
    transparent=False,
    each={  # [price]
        "standard 1024x1024": 0.04,
        "standard 1024x1792": 0.08,
        "standard 1792x1024": 0.08,
        "hd 1024x1024": 0.08,
        "hd 1024x1792": 0.12,
        "hd 1792x1024": 0.12,
    },
    revises_prompt=True,
    images_per_minute=(5, 7, 7, 15, 50),  # 5, 15 and 50 on record; tiers 2 and 3 [assumed]
)

GPT_IMAGE_1 = Model(
    id="gpt-image-1",
    generate=_GPT_FIXED,
    edit=_EDIT_FIXED,
    defaults=_GPT_DEFAULTS,
    released=date(2025, 4, 23),
    retired=date(2026, 10, 23),  # [price]
    created=1745517030,  # [list]
    auto_sizes=_SQUARE_PORTRAIT_LANDSCAPE,  # [seen]
    seconds={"low": 16.0, "medium": 18.8, "high": 42.0, "auto": 18.8},  # [seen]; low is that of an edit
    file_weight={"low": 0.80, "medium": 1.37, "high": 1.61},  # [seen] at 1024x1024
    tokens=_TABLE,
    input_tokens=TileInput(text_each=16, text_named=16),  # [seen] 27, 43 and 45 text tokens
    price=Price(text_in=5, image_in=10, image_out=40),  # [price]
)

GPT_IMAGE_1_MINI = replace(
    GPT_IMAGE_1,
    id="gpt-image-1-mini",
    edit={**_EDIT_FIXED, "input_fidelity": OneOf(("low",))},  # [guide]
    released=date(2025, 10, 6),
    retired=date(2026, 12, 1),  # [price]
    created=1758845821,  # [list]
    price=Price(text_in=2, image_in=2.5, image_out=8),  # [price]
)

GPT_IMAGE_1_5 = replace(
    GPT_IMAGE_1,
    id="gpt-image-1.5",
    released=date(2025, 12, 16),
    retired=date(2026, 12, 1),  # [price]
    created=1764030620,  # [list]
    seconds={"low": 11.5, "medium": 17.5, "high": 29.0, "auto": 17.5},  # edits [seen]
    file_weight={"low": 0.64, "medium": 0.86, "high": 0.86},  # edits [seen]
    # low: about 157 on generations (darkroom-mcp log); medium: half of 669 for two; high: an edit [seen]
    text_out={"low": 157, "medium": 334, "high": 284},
    price=Price(text_in=5, image_in=8, image_out=32, text_out=10),  # [price]
)
GPT_IMAGE_1_5_2025_12_16 = replace(GPT_IMAGE_1_5, id="gpt-image-1.5-2025-12-16")
CHATGPT_IMAGE_LATEST = replace(  # no body of its own on record: the shape of 1.5 [assumed]
    GPT_IMAGE_1_5,
    id="chatgpt-image-latest",
    created=1765925279,  # [list]
)

GPT_IMAGE_2 = Model(
    id="gpt-image-2",
    generate=_GPT_FREE,  # [parity]
    edit=_EDIT_FREE,
    defaults=_GPT_DEFAULTS,
    released=date(2026, 4, 21),
    retired=None,
    created=1776399795,  # [list]
    auto_sizes=_FREE_AUTO,
    seconds={"low": 23.0, "medium": 48.0, "high": 155.0, "auto": 48.0},  # [timed]
    file_weight={"low": 0.66, "medium": 0.86, "high": 0.86},  # low edits [seen]; others [assumed]
    pixels=_BUDGET,
    transparent=False,  # refused 2026-04 to 2026-10 but for accounts in a preview
    fidelity=False,  # several notes, 2026-09
    tokens=PatchTokens({"low": 16, "medium": 48, "high": 96}),
    input_tokens=PatchInput(text_each=0, text_named=1),  # six notes of +6, 2026-09; two JSON bodies of +7 [seen]
    price=Price(text_in=5, image_in=8, image_out=30, text_out=10),  # [price]
)
GPT_IMAGE_2_2026_04_21 = replace(GPT_IMAGE_2, id="gpt-image-2-2026-04-21", created=1776399994)  # [list]

_FIVE_LEVELS: Final = {"quality": OneOf(("low", "medium", "high", "xhigh", "max", "auto"))}  # [ref]

GPT_IMAGE_2_5_FLARE = replace(
    GPT_IMAGE_2,
    id="gpt-image-2.5-flare",
    generate={**_GPT_FREE, **_FIVE_LEVELS},
    edit={**_EDIT_FREE, **_FIVE_LEVELS},
    released=date(2026, 9, 8),
    created=1788563147,  # [list]
    seconds={"low": 10.0, "medium": 14.0, "high": 18.0, "xhigh": 27.0, "max": 46.0, "auto": 16.0},  # [timed]
    file_weight={"low": 0.66, "medium": 0.86, "high": 0.86, "xhigh": 0.86, "max": 0.86},  # [assumed]
    transparent=True,  # [guide]
    input_tokens=PatchInput(text_each=10, text_named=10),  # measured 2026-09: 28 for a cat
    tokens=PatchTokens({"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96}),
    price=Price(text_in=5, image_in=8, image_out=30),  # [price]
    generation_ids=True,  # darkroom-mcp fixtures, 2026-10
)
GPT_IMAGE_2_5_FLARE_2026_09_08 = replace(
    GPT_IMAGE_2_5_FLARE,
    id="gpt-image-2.5-flare-2026-09-08",
    created=1788851006,  # [list]
)
GPT_IMAGE_2_5_SUNBURST = replace(
    GPT_IMAGE_2_5_FLARE,
    id="gpt-image-2.5-sunburst",
    created=1788563162,  # [list]
    seconds={"low": 16.0, "medium": 18.0, "high": 30.0, "xhigh": 47.0, "max": 85.0, "auto": 23.0},  # [timed]
)
GPT_IMAGE_2_5_SUNBURST_2026_09_08 = replace(
    GPT_IMAGE_2_5_SUNBURST,
    id="gpt-image-2.5-sunburst-2026-09-08",
    created=1788851010,  # [list]
)

MODELS: Final[Mapping[str, Model]] = {
    model.id: model
    for model in (
        DALL_E_2,
        DALL_E_3,
        GPT_IMAGE_1,
        GPT_IMAGE_1_MINI,
        GPT_IMAGE_1_5,
        GPT_IMAGE_1_5_2025_12_16,
        CHATGPT_IMAGE_LATEST,
        GPT_IMAGE_2,
        GPT_IMAGE_2_2026_04_21,
        GPT_IMAGE_2_5_FLARE,
        GPT_IMAGE_2_5_FLARE_2026_09_08,
        GPT_IMAGE_2_5_SUNBURST,
        GPT_IMAGE_2_5_SUNBURST_2026_09_08,
    )
}


@cache
def models_of(api: Api) -> Mapping[str, Model]:
    """Return the models that an API knows; the newest one knows all that there ever were."""
    return {
        name: _azure(row) if api.azure else row
        for name, row in MODELS.items()
        if api.newest or row.released <= api.day < (row.retired or date.max)
    }


def _azure(row: Model) -> Model:
    """Return a row as Azure serves it: no WebP, and high quality unless told otherwise (Azure docs, 2025-09)."""
    if row.tokens is None:
        return row
    formats = {"output_format": OneOf(("png", "jpeg"))}
    return replace(
        row,
        generate={**row.generate, **formats},
        edit={**row.edit, **formats},
        defaults={**row.defaults, "quality": "high"},
    )


DEFAULT_MODEL: Final = DALL_E_2
"""What an omitted `model` means on generations until DALL-E left [ref]."""

DEFAULT_GPT_MODEL: Final = GPT_IMAGE_1_5
"""What it means beside a parameter that only gpt-image knows: the reference names the family, the row is [assumed]."""

GPT_ONLY: Final = frozenset(_GPT_FIXED) - frozenset(DALL_E_2.generate) - frozenset(DALL_E_3.generate)
"""Parameters whose presence tells that a gpt-image model is meant."""

DEFAULT_EDIT_MODEL: Final = GPT_IMAGE_1_5
"""What an omitted `model` means on edits [ref, 2026-08]."""

FORM_PICTURES: Final[Mapping[str, Rule]] = {"image": Files(), "mask": MaskFile()}
"""What names the pictures of a multipart edit."""

JSON_PICTURES: Final[Mapping[str, Rule]] = {"images": References(), "mask": MaskReference()}
"""What names the pictures of a JSON edit."""

LEGACY_PICTURES: Final[Mapping[str, Rule]] = {"image": Files(("image/png",), most=1), "mask": MaskFile()}
"""What names the pictures of a dall-e-2 edit; the media type is that of the validator of 2025."""

FORM_RULES: Final[Mapping[str, Rule]] = {**_EDIT_FREE, **_DALL_E_2, **FORM_PICTURES}
"""How each field of a multipart request is read from its text, whatever the model."""
