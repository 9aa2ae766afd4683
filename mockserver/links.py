"""Signed picture URLs: shaped like the real ones, served by the mock itself, good for an hour."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qs, quote

from mockserver import errors
from mockserver.identity import alphanumeric

HOUR: Final = 3600
STORE_VERSION: Final = "2026-02-06"  # `sv` and `skv` in URLs recorded 2026-03
_OWNER: Final = "92b997d6-f0dd-439d-8087-b26c74d72365"  # `skoid`, recorded 2026-03
_TENANT: Final = "a48cca56-e6da-484e-a814-9c849652bcb3"  # `sktid`, the same in every recording


@dataclass(frozen=True, slots=True)
class Links:
    """Signs picture URLs and checks them. Everything follows from the seed, so several processes agree."""

    seed: int

    def path(self, token: str) -> str:
        """Return the path of the picture that `token` stands for."""
        organization, user = alphanumeric(f"org/{self.seed}"), alphanumeric(f"user/{self.seed}")
        return f"/private/org-{organization}/user-{user}/img-{alphanumeric(token)}.png"

    def azure_path(self, token: str) -> str:
        """Return the path that Azure would give it."""
        return f"/private/images/{uuid.UUID(hex=token, version=4)}/generated_00.png"

    def sign(self, path: str, now: float, hours: int = 1) -> str:
        """Return `path` with a query under which it can be fetched from an hour ago to `hours` on."""
        query = "&".join(f"{key}={quote(value, safe='/')}" for key, value in _fields(now, hours).items())
        return f"{path}?{query}&sig={quote(self._signature(path, query), safe='')}"

    def check(self, path: str, query: str, now: float, request_id: str) -> None:
        """Return when the URL may be served at `now`.

        Raises:
            ApiError: the signature does not fit, or the hour is over.
        """
        signed, _, signature = query.rpartition("&sig=")
        time = datetime.fromtimestamp(now, UTC).isoformat(timespec="microseconds").replace("+00:00", "0Z")
        expected = quote(self._signature(path, signed), safe="")
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            raise errors.picture_link_forged(request_id, time)
        fields = parse_qs(signed)
        start, expiry = (datetime.fromisoformat(fields[key][0]).timestamp() for key in ("st", "se"))
        if not start <= now <= expiry:
            dates = [formatdate(moment, usegmt=True) for moment in (start, expiry, now)]
            raise errors.picture_link_expired(request_id, time, *dates)

    def _signature(self, path: str, query: str) -> str:
        key = hashlib.sha256(f"links/{self.seed}".encode()).digest()
        return base64.b64encode(hmac.digest(key, f"{path}\n{query}".encode(), "sha256")).decode()


def _fields(now: float, hours: int) -> dict[str, str]:
    """Return the query in its recorded order, without the signature."""
    return {
        "st": _instant(now - HOUR),
        "se": _instant(now + hours * HOUR),
        "sp": "r",
        "sv": STORE_VERSION,
        "sr": "b",
        "rscd": "inline",
        "rsct": "image/png",
        "skoid": _OWNER,
        "sktid": _TENANT,
        "skt": _instant(now - 12 * HOUR),
        "ske": _instant(now + 12 * HOUR),
        "sks": "b",
        "skv": STORE_VERSION,
    }


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def shelf_name(path: str) -> str:
    """Return the name under which a shelf keeps the picture of a path."""
    return alphanumeric(path)
