"""Which cases are played depends on what the server is."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import build
from mockserver.contract.run import COSTS, Abilities, standing


@pytest.mark.parametrize(
    ("fields", "server", "expected"),
    [
        ({}, {}, "played"),
        ({"spends": True}, {}, COSTS),
        ({"spends": True}, {"spends": True}, "played"),
        ({"needs": "keys"}, {}, "needs keys"),
        ({"needs": "keys"}, {"knows_keys": True}, "played"),
        ({"needs": "azure"}, {"knows_keys": True}, "needs azure"),
        ({"needs": "azure"}, {"is_mock": True}, "played"),
        ({"needs": "azure keys"}, {"is_mock": True}, "needs azure keys"),
        ({"needs": "azure keys"}, {"is_mock": True, "knows_keys": True}, "played"),
        ({"needs": "fetching"}, {"is_mock": True, "knows_keys": True}, "needs fetching"),
        ({"as_of": "2026-05-11"}, {"knows_keys": True}, "another day"),
        ({"as_of": "2026-05-11"}, {"is_mock": True}, "played"),
        ({"as_of": "2026-05-11", "superseded": "two"}, {"is_mock": True}, "superseded"),
    ],
)
def test_a_case_is_played_where_it_can_be(fields: dict[str, Any], server: dict[str, bool], expected: str) -> None:
    """Elsewhere its standing says why it is not."""
    usual = {"id": "x", "about": "", "source": ["me"], "confidence": "assumed", "path": "/", "status": 200}
    case = build.case({**usual, **fields}, "file.toml", {})
    nothing = {"spends": False, "knows_keys": False, "is_mock": False}

    assert standing(case, Abilities(**(nothing | server))) == expected
