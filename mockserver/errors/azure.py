"""What Azure says in its own words: error objects of its own, without `param`."""

from __future__ import annotations

import json
from typing import Final

from mockserver.errors.base import ApiError

REGION: Final = {"x-ms-region": "East US 2"}


def azure_denied() -> ApiError:
    """No key, or a wrong one; compact. The reason phrase `PermissionDenied` cannot be sent from here."""
    message = (
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
        "active subscription and use a correct regional API endpoint for your resource."
    )
    return ApiError(401, "azure-denied", _compact({"code": "401", "message": message}), family="azure")


def azure_not_found() -> ApiError:
    """A path that Azure does not have, or no `api-version`; not on record for images."""
    return ApiError(404, "azure-not-found", _compact({"code": "404", "message": "Resource not found"}), family="azure")


def azure_no_deployment() -> ApiError:
    """A deployment that does not exist; pretty, recorded 2026-03."""
    message = (
        "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, "
        "please wait a moment and try again."
    )
    error = {"type": "invalid_request_error", "code": "DeploymentNotFound", "message": message}
    body = json.dumps({"error": error}, indent=2).encode("ascii")
    return ApiError(404, "azure-no-deployment", body, headers=REGION, family="azure")


def _compact(error: dict[str, str]) -> bytes:
    return json.dumps({"error": error}, separators=(",", ":")).encode("ascii")
