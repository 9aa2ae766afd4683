"""Values that do not go together: one row per rule across parameters, in the order in which they are told.

The server refuses by these rows, and the published contract forbids by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mockserver.errors import ApiError
    from mockserver.models import Model

    Values = Mapping[str, Collection[object]]


def _every_model(_: Model) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Clash:
    """What a model refuses although each parameter alone is fine."""

    values: Values
    """Parameter to values, a tuple or a range of integers; it is refused where every one of them holds its value."""

    refusal: Callable[[Model], ApiError]
    """What is said."""

    applies: Callable[[Model], bool] = _every_model
    """Whether a model has this rule."""

    def met(self, model: Model, values: Mapping[str, object]) -> bool:
        """Return whether `values`, with every default in its place, clash."""
        for param, refused in self.values.items():  # half the time of a generator
            if values.get(param) not in refused:
                return False
        return self.applies(model)


CLASHES: Final = (  # the order of what has no remark is assumed
    Clash(  # before the model's own no: a recorded gpt-image-2 body, 2026-08
        {"background": ("transparent",), "output_format": ("jpeg",)},
        lambda _: errors.transparent_jpeg(),
    ),
    Clash(
        {"background": ("transparent",)},
        lambda _: errors.transparency_not_supported(),
        applies=lambda model: not model.transparent,
    ),
    Clash(  # 100 is "not compressed"
        {"output_format": ("png",), "output_compression": range(100)},
        lambda _: errors.compressed_png(),
    ),
    Clash({"stream": (True,), "n": range(2, 11)}, lambda _: errors.stream_of_many()),
    Clash(
        {"stream": (False,), "partial_images": range(1, 4)},
        lambda _: errors.partial_images_without_stream(),
    ),
    Clash(
        {"input_fidelity": ("high", "low")},
        lambda model: errors.fidelity_not_supported(model.id),
        applies=lambda model: not model.fidelity,
    ),
)
