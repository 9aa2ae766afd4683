"""The Azure door: other paths, another way to show a key, deployments for models; the same endpoints behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from mockserver import errors
from mockserver.apis import AZURE
from mockserver.journal import entry_of
from mockserver.models import MODELS
from mockserver.request_head import head_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

_DEPLOYMENT: Final = re.compile(r"/openai/deployments/(?P<name>[^/]+)/images/(?P<endpoint>generations|edits)")
_V1: Final = re.compile(r"/openai/v1/images/(?P<endpoint>generations|edits)")


@dataclass(frozen=True, slots=True)
class Azure:
    """Lets requests below `/openai/` in."""

    endpoints: Mapping[str, ASGIApp]
    """By `generations` and `edits`, without their own authentication."""

    keys: frozenset[str]
    deployments: Mapping[str, str]
    """Name of a deployment to the id of its model; a deployment named like a model needs no entry."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the endpoint that it means.

        Raises:
            ApiError: no or a wrong key, no `api-version`, a path or a deployment that does not exist.
        """
        self._authenticate(scope)
        entry_of(scope).known = True
        path = scope["path"]
        found = _DEPLOYMENT.fullmatch(path)
        if found is not None:
            if b"api-version" not in parse_qs(scope["query_string"]):
                raise errors.azure_not_found()
            scope[AZURE] = self._model(found["name"])
            await self.endpoints[found["endpoint"]](scope, receive, send)
            return
        found = _V1.fullmatch(path)
        if found is None:
            raise errors.azure_not_found()
        scope[AZURE] = self._model
        await self.endpoints[found["endpoint"]](scope, receive, send)

    def _authenticate(self, scope: Scope) -> None:
        key = head_of(scope).key
        if not key or (self.keys and key not in self.keys):
            raise errors.azure_denied()

    def _model(self, deployment: str) -> str:
        model = self.deployments.get(deployment, deployment)
        if model not in MODELS:
            raise errors.azure_no_deployment()
        return model


def model_asked(path: str, model: object, deployments: Mapping[str, str]) -> str:
    """Return the model that is asked for, where Azure's deployments stand for theirs; empty where none is named.

    Args:
        path: of the request.
        model: what the body names, which through Azure's door is a deployment.
        deployments: name of a deployment to the id of its model.
    """
    found = _DEPLOYMENT.fullmatch(path)
    name = found["name"] if found else model
    if not isinstance(name, str):
        return ""
    return deployments.get(name, name) if path.startswith("/openai/") else name


def named(scope: Scope, parameters: dict[str, object]) -> dict[str, object]:
    """Return the parameters of a request with its model, which Azure names by a deployment.

    Raises:
        ApiError: the body names a deployment that does not exist.
    """
    through = scope.get(AZURE)
    if through is None:
        return parameters
    model = parameters.get("model")
    if callable(through):
        return {**parameters, "model": through(model)} if isinstance(model, str) else parameters
    return {**parameters, "model": through}
