"""The whole contract as one OpenAPI 3.1 document, made from the rule table for the API of any day."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mockserver import __version__
from mockserver.apis import NEWEST, Api
from mockserver.contract.document import operations, resources
from mockserver.contract.document.components import Components
from mockserver.contract.document.examples import SERVER
from mockserver.contract.document.refusals import HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ABOUT: Final = """\
The OpenAI Images API as mockserver serves it, model by model. A request fits exactly one of the objects that its body
names: each is closed, and stands for models that are judged alike. Where `model` is left out, the family is meant whose
object does not require it.

What JSON Schema cannot say: whether a file is a picture that the model reads, a mask fits its picture, a `file_id`
names a file. What is played with `X-Mock-Scenario` is not described, nor is `/_mock/`, nor Azure's older path, whose
deployment decides what the body may hold.
"""

_SECURITY: Final[Mapping[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "Any key, unless the server was started with some."},
    "azure": {"type": "apiKey", "in": "header", "name": "api-key"},
}

_TAGS: Final[Mapping[str, str]] = {
    "Images": "Making pictures.",
    "Pictures": "Fetching them.",
    "Models": "Which models there are.",
    "Files": "Pictures that requests name.",
    "Azure": "The same through Azure's newer paths.",
}


@cache
def document(api: Api = NEWEST) -> Mapping[str, Any]:
    """Return the document of an API; it is the same object each time, and not to be changed."""
    components = Components()
    images: dict[str, Callable[[], dict[str, Any] | None]] = {
        "/v1/images/generations": lambda: operations.images("generations", api, components),
        "/v1/images/edits": lambda: operations.images("edits", api, components),
        "/v1/images/variations": lambda: operations.images("variations", api, components),
        "/openai/v1/images/generations": lambda: operations.azure("generations", api, components),
        "/openai/v1/images/edits": lambda: operations.azure("edits", api, components),
    }
    made = {path: {"post": operation} for path, make in images.items() if (operation := make())}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenAI Images API, as mockserver serves it",
            "version": __version__,
            "description": _ABOUT if api.newest else f"{_ABOUT}\nThis is the API of {api.day.isoformat()}.\n",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": SERVER, "description": "Where the document was fetched."}],
        "security": [{"bearer": []}],
        "tags": [{"name": name, "description": about} for name, about in _TAGS.items()],
        "paths": {**made, **_others(api)},
        "components": {
            "securitySchemes": dict(_SECURITY),
            "headers": dict(HEADERS),
            "schemas": components.schemas,
        },
    }


def _others(api: Api) -> dict[str, Any]:
    return {
        "/private/{organization}/{user}/{name}": {"get": resources.fetch_picture()},
        "/v1/models": {"get": resources.list_models()},
        "/v1/models/{model}": {"get": resources.retrieve_model(api)},
        "/v1/files": {"get": resources.list_files(), "post": resources.create_file()},
        "/v1/files/{file_id}": {"get": resources.retrieve_file(), "delete": resources.delete_file()},
        "/v1/files/{file_id}/content": {"get": resources.download_file()},
    }


def written(api: Api = NEWEST, server: str = SERVER) -> str:
    """Return the document as JSON, for a server at an address such as `http://127.0.0.1:8080`."""
    served = [{**each, "url": server} for each in document(api)["servers"]]
    return json.dumps({**document(api), "servers": served}, indent=1) + "\n"
