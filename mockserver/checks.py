"""How strictly requests are judged: as the real API does, or as leniently as its published document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

from mockserver import params
from mockserver.legacy import VARIATION
from mockserver.models import DALL_E_2, GPT_IMAGE_1, MODELS, Model, models_of
from mockserver.params import Accepted
from mockserver.rules import AnyText, Anything, Flag, OneOf, Text, Whole
from mockserver.uploads import AnyFiles, References

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.apis import Api
    from mockserver.rules import Rule


class Checks(Protocol):
    """Judges the parameters of each operation."""

    any_model: bool
    """Whether every id names a model."""

    def generation(self, parameters: Mapping[str, object], api: Api) -> Accepted:
        """Return the generation that is asked for.

        Raises:
            ApiError: it is refused.
        """

    def edit(self, parameters: Mapping[str, object], api: Api, *, form: bool) -> Accepted:
        """Return the edit that is asked for.

        Raises:
            ApiError: it is refused.
        """

    def varies(self, api: Api) -> bool:
        """Return whether there are variations at all."""

    def variation(self, fields: Mapping[str, object], api: Api) -> Accepted:
        """Return the variation that is asked for.

        Raises:
            ApiError: it is refused.
        """


class FullChecks:
    """As the real API: the model's row, then what the model itself looks at."""

    any_model = False

    def generation(self, parameters: Mapping[str, object], api: Api) -> Accepted:
        """Judge a generation."""
        return params.accept_generation(parameters, api)

    def edit(self, parameters: Mapping[str, object], api: Api, *, form: bool) -> Accepted:
        """Judge an edit."""
        return params.accept_edit(parameters, form=form, api=api)

    def varies(self, api: Api) -> bool:
        """Variations went with their model."""
        return DALL_E_2.id in models_of(api)

    def variation(self, fields: Mapping[str, object], api: Api) -> Accepted:
        """Judge a variation."""
        return Accepted(DALL_E_2, {**DALL_E_2.defaults, **VARIATION.read(fields)}, "variation", api)


_ANY_WHOLE: Final = Whole(-(2**63), 2**63)
_FORMAT: Final = OneOf(("url", "b64_json"))

_GENERATE: Final[Mapping[str, Rule]] = {  # openai-openapi, 2026-08-21; its order
    "prompt": AnyText(nullable=False, required=True),
    "model": AnyText(),
    "n": Whole(1, 10),
    "quality": OneOf(("standard", "hd", "low", "medium", "high", "auto")),
    "response_format": _FORMAT,
    "output_format": OneOf(("png", "jpeg", "webp")),
    "output_compression": _ANY_WHOLE,
    "stream": Flag(),
    "partial_images": Whole(0, 3),
    "size": AnyText(),
    "moderation": OneOf(("low", "auto")),
    "background": OneOf(("transparent", "opaque", "auto")),
    "style": OneOf(("vivid", "natural")),
    "user": Anything(),
}
_EDIT: Final[Mapping[str, Rule]] = {
    **_GENERATE,
    "input_fidelity": OneOf(("high", "low")),
}
_FORM: Final[Mapping[str, Rule]] = {"image": AnyFiles(), "mask": AnyFiles(required=False)}
_JSON: Final[Mapping[str, Rule]] = {"images": References(), "prompt": Text(32_000)}
_VARIATION: Final[Mapping[str, Rule]] = {
    "image": AnyFiles(),
    "model": AnyText(),
    "n": Whole(1, 10),
    "response_format": _FORMAT,
    "size": OneOf(("256x256", "512x512", "1024x1024")),
    "user": Anything(),
}

_ECHOED: Final = {"standard": "medium", "hd": "high"}
"""What the response may say of a quality that only requests know."""


class SchemaChecks:
    """As the published document and no more: any model, uploads not opened, nothing judged across models."""

    any_model = True

    def generation(self, parameters: Mapping[str, object], api: Api) -> Accepted:
        """Judge a generation."""
        return _accepted(_GENERATE, parameters, "generation", api)

    def edit(self, parameters: Mapping[str, object], api: Api, *, form: bool) -> Accepted:
        """Judge an edit."""
        return _accepted({**_EDIT, **(_FORM if form else _JSON)}, parameters, "edit", api)

    def varies(self, api: Api) -> bool:  # noqa: ARG002 - the document knows no days
        """The document has them."""
        return True

    def variation(self, fields: Mapping[str, object], api: Api) -> Accepted:
        """Judge a variation."""
        return _accepted(_VARIATION, params.from_form(_VARIATION, fields), "variation", api)


def _accepted(rules: Mapping[str, Rule], parameters: Mapping[str, object], operation: str, api: Api) -> Accepted:
    known = {param: value for param, value in parameters.items() if param in rules}
    values = params.checked(rules, known)
    name = str(values.pop("model", DALL_E_2.id))
    row = MODELS.get(name, GPT_IMAGE_1)
    by_url = {"response_format": "url" if row.tokens is None else "b64_json"}
    decided = {**GPT_IMAGE_1.defaults, **by_url, **values}
    decided["quality"] = _ECHOED.get(str(decided["quality"]), decided["quality"])
    decided["size"] = _echoable(str(decided["size"]))
    decided["output_compression"] = min(100, max(0, int(str(decided["output_compression"]))))
    return Accepted(_lenient(row, name), decided, operation, replace(api, day=date.max), opened=False)


def _lenient(row: Model, name: str) -> Model:
    """Return a row that answers as gpt-image-1 does, under any name."""
    return replace(GPT_IMAGE_1, id=name, revises_prompt=row.revises_prompt, text_out={})


def _echoable(size: str) -> str:
    """Return the size itself where the response may say it, else a square."""
    return size if size in {"auto", *GPT_IMAGE_1.auto_sizes} else "1024x1024"


CHECKS: Final[Mapping[str, Checks]] = {"full": FullChecks(), "schema": SchemaChecks()}
