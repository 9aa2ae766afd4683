"""Every observed exchange, played against our server through a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.contract.cases import stored
from mockserver.contract.load import load
from mockserver.contract.play import Player
from mockserver.contract.run import Abilities, difference, standing
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.case import Case

KEY = "sk-mock"
CASES = load(stored())
ABILITIES = Abilities(spends=True, knows_keys=True, is_mock=True)
PLAYED = [case for case in CASES if standing(case, ABILITIES) == "played"]

OBSERVED = """
400-unsupported-content-type 400-unsupported-content-type-azure-flaky 400-url-not-image 401-invalid-key-masked-16
401-invalid-key-masked-long 401-invalid-key-short-unmasked 401-no-key 404-bare 404-get-model 404-invalid-url
404-unknown-file azure-401-key azure-404-deployment azure-prompt-too-long background-transparent-gptimage2
background-transparent-jpeg background-transparent-jpeg-alt blob-403-authorization-header-sent blob-403-clock-skew
blob-403-expired body-too-large-413 content-type-edits-json-2025 content-type-edits-urlencoded-2026
day-2025-03-22-newline day-2025-04-02-newline day-2025-04-25-edit day-2025-05-22 day-2025-06-03 day-2025-06-11
day-2025-06-20-no-newline day-2025-06-20-variations-newline day-2025-09-11-edit day-2026-01-06-edit day-2026-05-06
edit-reply-dall-e-2 edit-reply-gpt-image-1 edit-reply-gpt-image-1-high edit-reply-gpt-image-1-n-2
edit-reply-gpt-image-1-single edit-reply-gpt-image-1.5 edit-reply-gpt-image-1.5-high edit-reply-gpt-image-1.5-two
edit-reply-gpt-image-2 edit-reply-gpt-image-2-auto-square edits-401-wrong-key
edits-dalle2-branch-unknown-output-format edits-dalle2-branch-unknown-quality edits-form-array-dalle2
edits-form-corrupt-2025 edits-form-corrupt-2026 edits-form-images edits-form-mime-array edits-form-mime-dalle2
edits-form-mime-single edits-form-missing-image edits-image-missing-legacy edits-json-image edits-json-images-empty
edits-json-images-missing edits-json-images-null edits-json-images-string-member edits-json-url-404
edits-json-url-not-image edits-mask-alpha edits-mask-size edits-model-must-be-dalle2 headers-200-2023 headers-200-2025
headers-200-2026 input-fidelity-generations input-fidelity-gptimage2 input-fidelity-gptimage2-alt json-unparsable-2023
json-unparsable-2024 method-405-2023 method-405-2025 model-dalle2-retired model-empty-string model-missing
model-type-array model-type-integer model-type-null model-unknown-2025-08 model-unknown-2025-10 model-unknown-2026
model-unknown-legacy moderation-bad n-0 n-11 n-above-legacy n-below-legacy n-dalle3-gt1-legacy n-dalle3-gt1-new
n-multipart-nonnumeric n-type-string null-message-dalle3 output-compression--1 output-compression-101
output-compression-50 output-compression-png output-format-azure-webp partial-images-4 partial-images-without-stream
prompt-empty prompt-empty-legacy prompt-missing prompt-null prompt-too-long-dalle2-legacy prompt-too-long-dalle2-new
prompt-too-long-dalle3-azure prompt-too-long-gptimage quality-dalle2 quality-dalle3-bad quality-gptimage-empty
quality-gptimage-ultra quality-legacy quality-type-array quality-type-integer response-format-gptimage
response-format-legacy size-dalle3-legacy size-dalle3-new size-gptimage1-512x512 size-gptimage1-empty
size-gptimage1-integer size-gptimage2-bogus size-gptimage2-div16-9x9 size-gptimage2-edge size-gptimage2-floor
size-gptimage2-integer size-gptimage2-ratio-1024x256 size-unknown-legacy-2022 size-unknown-legacy-2023 size-variations
stream-dalle stream-type unknown-legacy unknown-parameter-any upload-mode-edits-legacy upload-mode-edits-legacy-alt
upload-mode-variations-legacy upload-not-png-legacy-2022 upload-not-png-legacy-2024 upload-not-square-legacy
url-unknown-envelope variations-b64 variations-gone variations-url
""".split()  # noqa: SIM905 - 148 strings in quotes read worse
"""Facts of the images endpoints that were collected from public sources; none of them may get lost."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Serve one server that knows its key."""
    with ServerThread(Settings(api_keys=(KEY,))) as server:
        yield server.base_url


@pytest.fixture(scope="module")
def player(base_url: str) -> Iterator[Player]:
    """Keep one connection to it."""
    with Player(base_url, KEY) as player:
        yield player


@pytest.mark.parametrize("case", PLAYED, ids=lambda case: case.id)
def test_the_server_answers_as_the_real_api_did(case: Case, player: Player) -> None:
    """No difference between the reply on record and ours."""
    if found := difference(case, player):
        pytest.fail("\n".join(map(str, found)), pytrace=False)


def test_no_observed_fact_is_lost() -> None:
    """Every fact on the list is a case, whether it is played or only kept."""
    assert set(OBSERVED) <= {case.id for case in CASES}


def test_whatever_is_billed_says_so() -> None:
    """A case that ends in pictures spends money on the real API; models and files cost nothing."""
    pictures = [case for case in CASES if case.expect.status == 200 and "/images/" in case.request.path]

    assert [case.id for case in pictures if not case.spends] == []


def test_whatever_is_uploaded_is_deleted() -> None:
    """A run against the real API leaves no file behind but that of the case whose reply is the upload's."""
    for case in CASES:
        kept = {f"/files/{{{name}}}" for step in case.before for name in step.keep}
        requests = [case.request, *(step.request for step in (*case.before, *case.after))]
        assert kept <= {request.path for request in requests if request.method == "DELETE"}, case.id
