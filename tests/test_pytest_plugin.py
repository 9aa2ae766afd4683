"""What `pip install images-mockserver` gives a test suite, tried as a suite of its own."""

from __future__ import annotations

import importlib.util

import pytest

USER = """
import httpx
import openai
import pytest


def pictures(**parameters):
    with openai.OpenAI(max_retries=parameters.pop("max_retries", 0)) as client:
        return client.images.generate(model="gpt-image-1", prompt="a dot", quality="low", **parameters)
"""

PROCESSES = [
    (),
    pytest.param(
        ("-n", "2"),
        marks=pytest.mark.skipif(importlib.util.find_spec("xdist") is None, reason="pytest-xdist is not installed"),
    ),
]


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    """Run tests of a user."""
    pytester.makepyfile(USER + tests)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


def test_a_test_has_an_api_that_nobody_else_sees(pytester: pytest.Pytester) -> None:
    """Its base URL and key stand in the environment."""
    tests = """
def test_one(images_api):
    images_api.fail("quota")
    with pytest.raises(openai.RateLimitError):
        pictures()


def test_two(images_api):
    assert pictures().data
    assert images_api.name in images_api.base_url


def test_three():
    import os
    assert "OPENAI_BASE_URL" not in os.environ
"""
    run(pytester, tests).assert_outcomes(passed=3)


def test_failures_are_asked_for_by_name(pytester: pytest.Pytester) -> None:
    """By method and by marker, for some attempts and some requests."""
    tests = """
def test_it_is_tried_again(images_api):
    images_api.fail_next("503-overloaded", times=2)
    assert pictures(max_retries=2).data


@pytest.mark.images_scenario("rate_limit", times=1)
def test_by_marker(images_api):
    with pytest.raises(openai.RateLimitError):
        pictures()
    assert pictures().data


def test_some_requests(images_api):
    images_api.fail("moderation", match={"parameters": {"size": "1024x1536"}})
    assert pictures(size="1024x1024").data
    with pytest.raises(openai.BadRequestError, match="safety system"):
        pictures(size="1024x1536")


def test_a_wrong_name(images_api):
    with pytest.raises(ValueError, match="did you mean"):
        images_api.fail("429-slow-donw")
"""
    run(pytester, tests).assert_outcomes(passed=4)


def test_time_and_money_are_the_tests_own(pytester: pytest.Pytester) -> None:
    """A minute passes at once."""
    tests = """
def test_a_minute(images_api):
    images_api.limit(images_per_minute=1)
    assert pictures().data
    with pytest.raises(openai.RateLimitError):
        pictures()
    images_api.advance(60)
    assert pictures().data


def test_an_hour(images_api):
    with openai.OpenAI() as client:
        url = client.images.generate(model="dall-e-2", prompt="a dot", size="256x256").data[0].url
    images_api.freeze()
    assert httpx.get(url).status_code == 200
    images_api.advance(3601)
    assert httpx.get(url).status_code == 403


def test_a_day(images_api):
    images_api.as_of("2025-06-01")
    with openai.OpenAI() as client, pytest.raises(openai.APIStatusError):
        client.images.generate(model="gpt-image-2", prompt="a dot")


def test_money(images_api):
    images_api.limit(dollars=0.015)
    assert pictures(size="1024x1024").data
    with pytest.raises(openai.BadRequestError, match="Billing hard limit"):
        pictures(size="1024x1024")
"""
    run(pytester, tests).assert_outcomes(passed=4)


@pytest.mark.skipif(importlib.util.find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_workers_have_servers_of_their_own(pytester: pytest.Pytester) -> None:
    """In parallel, nobody sees anybody."""
    tests = """
@pytest.mark.parametrize("number", range(16))
def test_many(images_api, number):
    if number % 2:
        images_api.fail("quota")
        with pytest.raises(openai.RateLimitError):
            pictures()
    else:
        assert pictures().data
"""
    run(pytester, tests, "-n", "2").assert_outcomes(passed=16)


def test_the_server_can_be_another(pytester: pytest.Pytester) -> None:
    """By a fixture of the suite's own."""
    tests = """
from mockserver import MockServer, Settings


@pytest.fixture(scope="session")
def images_server():
    with MockServer(Settings(api_keys=("sk-own",))) as server:
        yield server


def test_its_key(images_api, monkeypatch):
    assert pictures().data
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    with pytest.raises(openai.AuthenticationError):
        pictures()
"""
    run(pytester, tests).assert_outcomes(passed=1)


def test_a_suite_that_does_not_use_it_pays_nothing(pytester: pytest.Pytester) -> None:
    """No server is loaded."""
    tests = """
import sys


def test_nothing():
    assert "mockserver.app" not in sys.modules
    assert "PIL" not in sys.modules
"""
    pytester.makepyfile(tests)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_what_was_asked_is_known(pytester: pytest.Pytester) -> None:
    """Requests, refusals, money, and what was paid twice."""
    tests = """
def test_it_is_listed_and_judged(images_api):
    pictures(size="1024x1024")
    images_api.verify({"model": "gpt-image-1", "param.size": "1024x1024"}, exactly=1)
    with pytest.raises(AssertionError, match="but found 1 among 1 request"):
        images_api.verify({"param.size": "1024x1024"}, exactly=2)
    assert [request["status"] for request in images_api.requests] == [200]
    assert 0 < images_api.dollars < 0.1


def test_refusals(images_api):
    images_api.fail("rate_limit", match={"parameters": {"size": "1024x1024"}})
    with pytest.raises(openai.RateLimitError):
        pictures(size="1024x1024")
    images_api.assert_all_legal()
    with pytest.raises(openai.BadRequestError):
        pictures(n=11)
    with pytest.raises(AssertionError, match="refused 1 of"):
        images_api.assert_all_legal()


def test_paid_twice(images_api):
    images_api.fail_next("cut_body")
    assert pictures(max_retries=2).data
    with pytest.raises(AssertionError, match="billed twice"):
        images_api.assert_nothing_billed_twice()
"""
    run(pytester, tests).assert_outcomes(passed=3)


@pytest.mark.parametrize("options", PROCESSES, ids=["alone", "workers"])
def test_a_failure_shows_what_was_asked(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """In the report of the test that failed, and of no other."""
    tests = """
def test_good(images_api):
    pictures(size="1536x1024")


def test_bad(images_api):
    pictures(size="1024x1024")
    assert False


def test_silent(images_api):
    assert False
"""
    result = run(pytester, tests, *options)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*requests to the Images API*", "*#1*200 POST /v1/images/generations*1024x1024*"])
    result.stdout.fnmatch_lines(["*requests to the Images API*", "there were none"])
    result.stdout.no_fnmatch_line("*1536x1024*")


@pytest.mark.parametrize("when", ["setup", "teardown"])
def test_a_fixture_that_fails_shows_it_too(pytester: pytest.Pytester, when: str) -> None:
    """Before the test and after it."""
    tests = f"""
@pytest.fixture
def drawn(images_api):
    pictures(size="1024x1024")
    assert {when!r} != "setup"
    yield
    assert False


def test_drawn(drawn):
    pass
"""
    result = run(pytester, tests)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*requests to the Images API*", "*#1*200 POST /v1/images/generations*1024x1024*"])


SUMS = """
def test_a_picture(images_api):
    pictures(size="1024x1024")


def test_a_scenario(images_api):
    images_api.fail_next("cut_body")
    pictures(max_retries=1, size="1024x1024")


def test_a_refusal(images_api):
    with pytest.raises(openai.BadRequestError):
        pictures(n=11)
"""


@pytest.mark.parametrize("options", PROCESSES, ids=["alone", "workers"])
def test_a_run_is_summed_up(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Requests, money, refusals, what was paid twice, and coverage; over all workers."""
    result = run(pytester, SUMS, *options)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "*= Images API =*",
            "4 requests, $0.03* saved",
            "1 refused by the API itself:",
            "*::test_a_refusal #1*refused by*",
            "1 billed twice:",
            "*::test_a_scenario #1 and #2:*",
            "met 1 scenarios and 1 refusals: error coverage 0.8 %",
        ]
    )


@pytest.mark.parametrize(("least", "code"), [("0.5", 0), ("50", 1)])
def test_a_run_that_meets_too_little_fails(pytester: pytest.Pytester, least: str, code: int) -> None:
    """Only where it is asked to."""
    result = run(pytester, SUMS, "--images-coverage", least)
    assert result.ret == code
    assert ("less than the 50 %" in result.stdout.str()) == bool(code)
