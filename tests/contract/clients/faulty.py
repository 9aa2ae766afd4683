"""Clients that do one thing wrong each. `faulty.py NAME` is the client of that name; `FAULTS` lists them.

Each is the right client with one method overridden. Its `caught_by` names the finding that must tell of it, where it is
looked for, and no other finding may stand there.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent))

import right
from right import APIError, APIStatusError, Client, Json, Part, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTS: dict[str, type[Client]] = {}
CAUGHT_BY: dict[str, tuple[str, str]] = {}
"""Name of the client → the rule that catches it, and a pattern of the behaviours in which it is looked for."""


def caught_by(rule: str, at: str) -> Callable[[type[Client]], type[Client]]:
    """Enter a client into the table, under its name in kebab case."""

    def entered(kind: type[Client]) -> type[Client]:
        name = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("-")
        FAULTS[name], CAUGHT_BY[name] = kind, (rule, at)
        return kind

    return entered


# what it sends


@caught_by("dropped", "*.generate")
class DropsAField(Client):
    """Forgets the background."""

    def params(self, asked: Json) -> Json:
        """Leave it out."""
        return {name: value for name, value in super().params(asked).items() if name != "background"}


@caught_by("dropped", "*.nulls*")
class DropsNulls(Client):
    """Takes an explicit null for nothing said."""

    def params(self, asked: Json) -> Json:
        """Leave them out."""
        return {name: value for name, value in super().params(asked).items() if value is not None}


@caught_by("dropped", "*.edit-mask")
class DropsTheMask(Client):
    """Edits everywhere."""

    def files(self, asked: Json) -> list[Part]:
        """Leave it out."""
        return [part for part in super().files(asked) if part[0] != "mask"]


@caught_by("dropped", "*.edit-several")
class DropsAllPicturesButOne(Client):
    """Edits the first picture only, in the spelling of several."""

    def files(self, asked: Json) -> list[Part]:
        """Leave the others out."""
        pictures = [part for part in super().files(asked) if part[0] != "mask"]
        return [part for part in super().files(asked) if part not in pictures[1:]]


@caught_by("renamed", "*.generate")
class RenamesAField(Client):
    """Says `format` for `output_format`."""

    def params(self, asked: Json) -> Json:
        """Rename it."""
        return {{"output_format": "format"}.get(name, name): value for name, value in super().params(asked).items()}


@caught_by("renamed", "*.edit")
class SpellsInCamelCase(Client):
    """Says `outputCompression` for `output_compression`."""

    def params(self, asked: Json) -> Json:
        """Rename it."""
        spelt = {"output_compression": "outputCompression"}
        return {spelt.get(name, name): value for name, value in super().params(asked).items()}


@caught_by("added", "*.generate")
class SendsResponseFormat(Client):
    """Asks gpt-image for base64, which is all that it gives."""

    def params(self, asked: Json) -> Json:
        """Add it."""
        params = super().params(asked)
        return {"response_format": "b64_json", **params} if "gpt" in str(params.get("model")) else params


@caught_by("added", "*.generate")
class SendsADefault(Client):
    """Says `n` where nobody did."""

    def params(self, asked: Json) -> Json:
        """Add it."""
        return {"n": 1, **super().params(asked)}


@caught_by("retyped", "*.generate")
class TurnsNumbersIntoStrings(Client):
    """Sends `"2"` for `2`."""

    def params(self, asked: Json) -> Json:
        """Spell them."""
        params = super().params(asked)
        return {name: str(value) if type(value) is int else value for name, value in params.items()}


@caught_by("retyped", "*.generate")
class TurnsFlagsIntoNumbers(Client):
    """Sends `0` for `false`."""

    def params(self, asked: Json) -> Json:
        """Count them."""
        params = super().params(asked)
        return {name: int(value) if isinstance(value, bool) and not value else value for name, value in params.items()}


@caught_by("changed", "*.generate")
class TrimsThePrompt(Client):
    """Takes white space for nothing."""

    def params(self, asked: Json) -> Json:
        """Trim it."""
        params = super().params(asked)
        return {**params, "prompt": params["prompt"].strip() or params["prompt"]} if "prompt" in params else params


@caught_by("changed", "*.generate")
class SpeaksAscii(Client):
    """Cannot say what has no ASCII."""

    def params(self, asked: Json) -> Json:
        """Replace it."""
        params = super().params(asked)
        if "prompt" not in params:
            return params
        return {**params, "prompt": params["prompt"].encode("ascii", "replace").decode()}


@caught_by("changed", "*.edit")
class TurnsLineEndsIntoCrlf(Client):
    """Writes the texts of a form as mail has them."""

    def text(self, value: object) -> bytes:
        """Rewrite the ends of lines."""
        return super().text(value).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@caught_by("changed", "*.generate")
class CapsTheNumberOfPictures(Client):
    """Takes one picture for enough."""

    def params(self, asked: Json) -> Json:
        """Ask for one."""
        params = super().params(asked)
        return {**params, "n": 1} if isinstance(params.get("n"), int) else params


@caught_by("media-type", "*.generate")
class SendsJsonAsText(Client):
    """Calls its JSON plain text."""

    def json_type(self) -> str:
        """Say so."""
        return "text/plain"


@caught_by("media-type", "*.edit")
class SendsOctetStreams(Client):
    """Does not say what its pictures are."""

    def file(self, name: str, file: Json) -> Part:
        """Say that they are bytes."""
        return super().file(name, {**file, "type": "application/octet-stream"})


@caught_by("part-name", "*.edit-several")
class RepeatsImage(Client):
    """Sends several pictures under the name of one."""

    def image_name(self, *, several: bool) -> str:  # noqa: ARG002 - the fault
        """Name every picture alike."""
        return "image"


@caught_by("part-name", "*.edit")
class SendsOnePictureAsAList(Client):
    """Sends one picture under the name of several."""

    def image_name(self, *, several: bool) -> str:  # noqa: ARG002 - the fault
        """Name every picture alike."""
        return "image[]"


@caught_by("part-name", "*.edit-several")
class NumbersThePictures(Client):
    """Sends `image[0]`, `image[1]`."""

    def files(self, asked: Json) -> list[Part]:
        """Number them."""
        parts = super().files(asked)
        return [(f"image[{n}]" if name == "image[]" else name, *rest) for n, (name, *rest) in enumerate(parts)]  # type: ignore[misc]


@caught_by("bytes", "*.edit")
class ReadsPicturesAsText(Client):
    """Reads the bytes of a picture as text."""

    def file(self, name: str, file: Json) -> Part:
        """Lose what is no text."""
        *head, content = super().file(name, file)
        return (*head, content.decode("utf-8", "ignore").encode())  # type: ignore[return-value]


@caught_by("bytes", "*.vary")
class CutsPictures(Client):
    """Loses the last bytes of a picture."""

    def file(self, name: str, file: Json) -> Part:
        """Cut them off."""
        *head, content = super().file(name, file)
        return (*head, content[:-16])  # type: ignore[return-value]


@caught_by("key", "*.generate")
class SendsAnotherKey(Client):
    """Has a key of its own."""

    def key(self, asked: Json) -> dict[str, str]:  # noqa: ARG002 - the fault
        """Take it."""
        return {"authorization": "Bearer sk-of-its-own"}


@caught_by("key", "*.generate")
class SendsTheKeyAsAzureDoes(Client):
    """Puts the key where another API wants it."""

    def key(self, asked: Json) -> dict[str, str]:
        """Put it there."""
        return {"api-key": asked["api_key"]}


@caught_by("path", "*.vary")
class AsksElsewhere(Client):
    """Doubles a slash."""

    def url(self, asked: Json) -> str:
        """Double it."""
        return super().url(asked).replace("/images/", "//images/")


@caught_by("method", "*.generate")
class Puts(Client):
    """Takes PUT for POST."""

    def method(self) -> str:
        """Say so."""
        return "PUT"


@caught_by("count", "*.vary")
class AsksTwice(Client):
    """Sends everything twice, to be sure."""

    def exchange(self, asked: Json, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Send it once more than needed."""
        super().exchange(asked, url, headers, body)
        return super().exchange(asked, url, headers, body)


@caught_by("count", "*.vary")
class AsksForTheModelFirst(Client):
    """Looks whether there are models before it asks for a picture."""

    def exchange(self, asked: Json, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Ask for them."""
        place = urlsplit(asked["base_url"])
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=asked["timeout"])
        connection.request("GET", f"{place.path}/models", headers=self.key(asked))
        connection.getresponse().read()
        connection.close()
        return super().exchange(asked, url, headers, body)


# what it returns


class Returning(Client):
    """A client that changes what it returns."""

    def value(self, reply: Reply, asked: Json) -> Json:
        """Return the value, changed."""
        return self.changed(super().value(reply, asked))

    def changed(self, value: Json) -> Json:
        """Return a value, changed where it is a reply."""
        return value if "events" in value else {**value, **self.reply_changed(value)}

    def reply_changed(self, reply: Json) -> Json:
        """Return the fields of a reply that become others."""
        return dict(reply)


@caught_by("lost", "*.generate")
class LosesUsage(Returning):
    """Keeps the pictures only."""

    def changed(self, value: Json) -> Json:
        """Leave it out."""
        return {name: one for name, one in value.items() if name != "usage"}


@caught_by("lost", "*.vary")
class ReturnsOnePicture(Returning):
    """Returns the first picture."""

    def reply_changed(self, reply: Json) -> Json:
        """Leave the others out."""
        return {"data": reply["data"][:1]}


@caught_by("lost", "*.generate-stream")
class ReturnsTheLastEvent(Returning):
    """Returns no partial images."""

    def changed(self, value: Json) -> Json:
        """Leave them out."""
        return {"events": value["events"][-1:]} if "events" in value else value


@caught_by("altered", "*.edit")
class TrimsBase64(Returning):
    """Returns base64 without its last characters."""

    def reply_changed(self, reply: Json) -> Json:
        """Cut them off."""
        return {
            "data": [{**one, "b64_json": one["b64_json"][:-4]} if "b64_json" in one else one for one in reply["data"]]
        }


@caught_by("altered", "*.vary")
class TellsTimeAsText(Returning):
    """Returns `created` as a text."""

    def reply_changed(self, reply: Json) -> Json:
        """Spell it."""
        return {"created": str(reply["created"])}


@caught_by("altered", "*.edit-stream")
class TurnsTheOrderOfEvents(Returning):
    """Returns the last event first."""

    def changed(self, value: Json) -> Json:
        """Turn them around."""
        return {"events": value["events"][::-1]} if "events" in value else value


@caught_by("invented", "*.generate")
class InventsARevisedPrompt(Returning):
    """Says that the prompt was revised."""

    def reply_changed(self, reply: Json) -> Json:
        """Say so."""
        return {"data": [{"revised_prompt": "a prompt", **one} for one in reply["data"]]}


@caught_by("failed", "*.generate")
class RefusesWhatItDoesNotKnow(Returning):
    """Takes a key that it does not know for an error."""

    def reply_changed(self, reply: Json) -> Json:
        """Look for one."""
        if "output_format" in reply:
            message = "an unexpected key 'output_format'"
            raise APIError(message)
        return {}


# how it takes failure


@caught_by("retried-in-vain", "fails.*")
class RetriesARefusal(Client):
    """Sends a bad request again."""

    def may_retry(self, error: APIError) -> bool:
        """Say yes to a 400."""
        return super().may_retry(error) or getattr(error, "status", None) == http.client.BAD_REQUEST


@caught_by("retried-in-vain", "fails.*")
class RetriesAWrongKey(Client):
    """Sends a wrong key again."""

    def may_retry(self, error: APIError) -> bool:
        """Say yes to a 401."""
        return super().may_retry(error) or error.status == http.client.UNAUTHORIZED


@caught_by("retried-in-vain", "fails.*")
class RetriesQuota(Client):
    """Takes an empty account for a busy minute."""

    def may_pass(self, error: APIError) -> bool:
        """Say that waiting helps."""
        return "quota" in str(error.code) or super().may_pass(error)


@caught_by("retried-in-vain", "fails.*")
class IgnoresShouldRetry(Client):
    """Does not read `x-should-retry: false`."""

    def should_retry(self, error: APIError) -> bool | None:
        """Read `true` only."""
        return super().should_retry(error) or None


@caught_by("gave-up", "fails.*")
class NeverRetries(Client):
    """Says that it tries again, and does not."""

    def may_retry(self, error: APIError) -> bool:  # noqa: ARG002 - the fault
        """Say no."""
        return False


@caught_by("gave-up", "fails.*")
class TakesServerErrorsForFinal(Client):
    """Does not try again after a 5xx."""

    def may_retry(self, error: APIError) -> bool:
        """Say no to them."""
        return super().may_retry(error) and (error.status or 0) < http.client.INTERNAL_SERVER_ERROR


@caught_by("too-soon", "fails.*")
class IgnoresRetryAfter(Client):
    """Reads milliseconds only."""

    def asked_wait(self, error: APIError) -> float | None:
        """Forget the seconds."""
        return super().asked_wait(error) if "retry-after-ms" in error.headers else None


@caught_by("too-soon", "fails.*")
class IgnoresRetryAfterMs(Client):
    """Reads seconds only."""

    def asked_wait(self, error: APIError) -> float | None:
        """Forget the milliseconds."""
        return None if "retry-after-ms" in error.headers else super().asked_wait(error)


@caught_by("too-soon", "fails.*")
class TakesSecondsForMilliseconds(Client):
    """Waits a thousandth."""

    def pause(self, error: APIError, attempt: int) -> float:
        """Mistake the unit."""
        return super().pause(error, attempt) / 1000


@caught_by("changed-on-retry", "fails.*")
class ChangesItsMind(Client):
    """Sends another prompt when it tries again."""

    def body_again(self, body: bytes) -> bytes:
        """Add a space after each colon."""
        return body.replace(b'"prompt": "', b'"prompt": "again, ')


@caught_by("double-billed", "fails.*")
class SendsWhatWasLostAgain(Client):
    """Asks for the picture again when its reply was lost."""

    def may_retry(self, error: APIError) -> bool:
        """Say yes to a lost reply."""
        return super().may_retry(error) or type(error) is right.APIConnectionError


@caught_by("double-billed", "fails.*")
class SendsWhatIsLateAgain(Client):
    """Asks for the picture again when its reply is late."""

    def may_retry(self, error: APIError) -> bool:
        """Say yes to a late reply."""
        return super().may_retry(error) or isinstance(error, right.APITimeoutError)


@caught_by("swallowed", "fails.*")
class TakesACutStreamForWhole(Client):
    """Returns the events that it has when the stream breaks off."""

    def exchange(self, asked: Json, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Return a broken stream as one without its last event."""
        try:
            return super().exchange(asked, url, headers, body)
        except right.APIConnectionError:
            if not asked["params"].get("stream"):
                raise
            frame = b'data: {"type": "image_generation.completed"}\n\n'
            return Reply(200, {"content-type": "text/event-stream"}, frame)


@caught_by("swallowed", "fails.*")
class TakesAnEarlyEndForTheEnd(Client):
    """Does not ask for a completed event."""

    def events(self, reply: Reply) -> list[Json]:
        """Return whatever came."""
        return [self.event(frame, reply) for frame in self.frames(reply)]


@caught_by("swallowed", "fails.*")
class PassesOverErrorEvents(Client):
    """Does not read error events."""

    def frames(self, reply: Reply) -> list[str]:
        """Leave them out, and take the stream for complete."""
        frames = [frame for frame in super().frames(reply) if '"error"' not in frame]
        lacks = len(frames) < len(super().frames(reply))
        return [*frames, '{"type": "image_generation.completed"}'] if lacks else frames


@caught_by("swallowed", "fails.*")
class ReturnsNothingForAFailure(Client):
    """Returns an empty list of pictures for a server error."""

    def told(self, asked: Json) -> Json:
        """Turn the error into nothing."""
        told = super().told(asked)
        failed = not told["ok"] and (told["error"]["status"] or 0) >= http.client.INTERNAL_SERVER_ERROR
        return {"id": asked["id"], "ok": True, "value": {"data": []}} if failed else told


@caught_by("swallowed", "fails.*")
class DoesNotLookIntoAReply(Client):
    """Returns a success without a picture."""

    def pictures(self, document: Json, reply: Reply) -> Json:  # noqa: ARG002 - the fault
        """Return whatever came."""
        return document


class Telling(Client):
    """A client that changes what it tells of an error."""

    lost: tuple[str, ...] = ()

    def error_told(self, error: Exception) -> Json:
        """Leave out what is lost."""
        return {**super().error_told(error), **dict.fromkeys(self.lost)}


@caught_by("request-id-lost", "fails.*")
class LosesTheRequestId(Telling):
    """Does not keep `x-request-id`."""

    lost = ("request_id",)


@caught_by("code-lost", "fails.*")
class LosesTheCode(Telling):
    """Does not keep `code`."""

    lost = ("code",)


@caught_by("status-lost", "fails.*")
class LosesTheStatus(Telling):
    """Does not keep the status."""

    lost = ("status",)


@caught_by("message-lost", "fails.*")
class SaysThatSomethingWentWrong(Client):
    """Does not keep the message."""

    def error_told(self, error: Exception) -> Json:
        """Say that it failed."""
        return {**super().error_told(error), "message": "Something went wrong."}


@caught_by("kind", "fails.*")
class HasOneErrorForAll(Client):
    """Calls every refusal a bad request."""

    def refusal(self, reply: Reply) -> APIStatusError:
        """Turn it into one."""
        error = super().refusal(reply)
        bad = right.STATUS_ERRORS[http.client.BAD_REQUEST](str(error), reply)
        bad.code, bad.param, bad.type = error.code, error.param, error.type
        return bad


@caught_by("raw", "fails.*")
class LeaksItsParser(Client):
    """Lets the error of its JSON parser out."""

    def document(self, reply: Reply) -> Json:
        """Parse, and no more."""
        try:
            json.loads(reply.body)
        except ValueError as error:
            raise error from None
        return super().document(reply)


@caught_by("raw", "fails.*")
class LeaksItsTransport(Client):
    """Lets the error of its socket out."""

    def exchange(self, asked: Json, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Take the wrapping off."""
        try:
            return super().exchange(asked, url, headers, body)
        except right.APIConnectionError as error:
            if isinstance(error.__cause__, OSError) and not isinstance(error, right.APITimeoutError):
                raise error.__cause__ from None
            raise


@caught_by("hung", "fails.*")
class WaitsForEver(Client):
    """Has no limit in time."""

    def exchange(self, asked: Json, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Wait for a late reply, whatever the caller said."""
        try:
            return super().exchange(asked, url, headers, body)
        except right.APITimeoutError:
            time.sleep(600)
            raise


@caught_by("crashed", "fails.*")
class EndsTheProcess(Client):
    """Ends with the first server error."""

    def refusal(self, reply: Reply) -> APIStatusError:
        """End."""
        if reply.status >= http.client.INTERNAL_SERVER_ERROR:
            os._exit(3)
        return super().refusal(reply)


if __name__ == "__main__":
    right.speak(FAULTS[sys.argv[1]]())
