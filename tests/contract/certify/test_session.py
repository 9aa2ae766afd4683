"""A whole certification of what is sent and returned, over real sockets."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.behaviours import behaviours
from mockserver.contract.certify.clients.client import Allowance, Client
from mockserver.contract.certify.session import certify
from mockserver.contract.certify.worker import WorkerError

if TYPE_CHECKING:
    from mockserver.contract.certify.verdict import Cell, Certificate

patient = partial(certify, deadline=60)
"""Certify on a machine that is busy with something else."""

CLIENTS = Path(__file__).parents[1] / "clients"


def client(program: str, *arguments: str, allowances: tuple[Allowance, ...] = ()) -> Client:
    """Return one of the small clients."""
    return Client(program, (sys.executable, str(CLIENTS / program), *arguments), allowances=allowances)


def by_id(certificate: Certificate) -> dict[str, Cell]:
    """Return the cells by their behaviour."""
    return {cell.behaviour.id: cell for cell in certificate.cells}


def test_a_right_client_passes() -> None:
    """Nothing is found where nothing is wrong, and each cell is told when it is there."""
    told: list[Cell] = []
    certificate = patient(client("right.py"), only="[rs]e*", examples=1, seed=7, told=told.append)
    assert [(cell.verdict, cell.findings) for cell in certificate.cells] == [("pass", ())] * 16
    assert all(cell.cases > 10 for cell in certificate.cells)
    assert told == list(certificate.cells)
    assert (certificate.client, certificate.version) == ("right.py", "1")
    assert certificate.runtime.startswith("Python 3.")


def test_a_fault_has_a_witness_that_is_short() -> None:
    """The witness is the shortest call that shows it, with what passed and the command that shows it again."""
    certificate = patient(client("faulty.py", "renames-a-field"), only="sends.generate", examples=1, replay="again")
    (cell,) = certificate.cells
    assert [(finding.rule, finding.place) for finding in cell.findings] == [("renamed", "output_format")]
    assert f"of {cell.cases} calls" in cell.findings[0].text
    assert cell.witness
    assert cell.witness.asked["params"].keys() == {"model", "output_format", "prompt"}
    assert cell.witness.told
    assert cell.witness.told["ok"] is False
    (passed,) = cell.witness.exchanges
    assert passed["reply"]["status"] == 400
    assert cell.witness.replay == "again --only sends.generate --seed 42"


def test_the_same_seed_finds_the_same() -> None:
    """A certificate can be made again."""
    made = [patient(client("faulty.py", "speaks-ascii"), only="sends.vary", examples=8, seed=3) for _ in range(2)]
    assert made[0].cells[0].findings == made[1].cells[0].findings
    assert made[0].cells[0].cases == made[1].cells[0].cases


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("sends.generate-stream", "it does not stream"),
        ("returns.edit", "it makes no edits"),
        ("sends.vary", "it makes no variations"),
        ("returns.generate", ""),
        ("sends.nulls", ""),
    ],
)
def test_what_a_client_cannot_do_is_absent(behaviour: str, reason: str) -> None:
    """A client that can less is not judged by what it cannot do."""
    certificate = patient(client("modest.py", "returns-pictures-only"), only=behaviour, examples=1)
    (cell,) = certificate.cells
    assert (cell.verdict, cell.reason) == (("absent", reason) if reason else ("pass", ""))


def test_a_client_may_download_what_a_reply_names() -> None:
    """A download is no second request for a picture; what it brought is compared byte for byte."""
    certificate = patient(client("fetching.py"), only="*.vary", examples=4)
    assert [(cell.verdict, cell.findings) for cell in certificate.cells] == [("pass", ())] * 2
    sent, returned = patient(client("fetching.py", "forgetful"), only="*.vary", examples=4).cells
    assert sent.verdict == "pass"
    assert [(finding.rule, finding.place) for finding in returned.findings] == [("altered", "data[0].bytes_sha256")]


REASON = "its caller is warned"


@pytest.mark.parametrize(
    ("allowances", "verdict", "reason"),
    [
        ((Allowance("sends.*", "added", REASON),), "allowed", REASON),
        ((Allowance("sends.vary", "added", REASON, places="n", versions="1"),), "allowed", REASON),
        ((Allowance("sends.vary", "added", REASON, versions="2.*"),), "fail", ""),
        ((Allowance("sends.vary", "dropped", REASON),), "fail", ""),
        ((), "fail", ""),
    ],
)
def test_an_allowance_turns_a_failure_into_an_allowed_one(
    allowances: tuple[Allowance, ...], verdict: str, reason: str
) -> None:
    """It has to name behaviour, rule, place and version; the findings stay."""
    faulty = client("faulty.py", "sends-a-default", allowances=allowances)
    (cell,) = patient(faulty, only="sends.vary", examples=1).cells
    assert (cell.verdict, cell.reason) == (verdict, reason)
    assert {finding.rule for finding in cell.findings} == {"added"}


@pytest.mark.parametrize(
    ("program", "rule"),
    [
        ("import os; os._exit(3)", "crashed"),
        ("import time; time.sleep(600)", "hung"),
    ],
)
def test_a_client_that_does_not_come_back_ends_its_topic(tmp_path: Path, program: str, rule: str) -> None:
    """One call in vain is enough; the other column has nothing to judge."""
    hello = 'print(\'{"ready": 1, "client": "toy", "can": {"generate": {}}}\', flush=True)\ninput()\n'
    (tmp_path / "worker.py").write_text(f"{hello}{program}")
    toy = Client("toy", (sys.executable, str(tmp_path / "worker.py")))
    cells = by_id(certify(toy, only="*.generate", examples=1, deadline=0.2))
    (finding,) = cells["sends.generate"].findings
    assert (finding.rule, cells["sends.generate"].cases) == (rule, 1)
    assert cells["returns.generate"].verdict == "absent"


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        ('{"id": asked["id"], "cannot": "it has no words"}', "absent", "it has no words"),
        ('{"id": asked["id"], "ok": True, "value": {}}', "fail", "no request arrived, and a success was told"),
        ('{"id": asked["id"], "ok": False, "error": {"class": "Odd", "message": "no"}}', "fail", "Odd was raised: no"),
    ],
)
def test_a_client_that_sends_nothing(tmp_path: Path, answer: str, verdict: str, said: str) -> None:
    """It is absent where it says why, and failed where it does not."""
    hello = 'print(\'{"ready": 1, "client": "toy", "can": {"generate": {}}}\', flush=True)\n'
    loop = f"for line in sys.stdin:\n    asked = json.loads(line)\n    print(json.dumps({answer}), flush=True)"
    (tmp_path / "worker.py").write_text(f"import json, sys\n{hello}{loop}")
    (cell,) = certify(Client("toy", (sys.executable, str(tmp_path / "worker.py"))), only="sends.generate").cells
    assert cell.verdict == verdict
    assert said in cell.reason + "".join(finding.text for finding in cell.findings)


@pytest.mark.parametrize(
    ("only", "sentence"),
    [("sends.generates", "did you mean sends.generate?"), ("zzz", "`mockserver certify --list` names them all")],
)
def test_a_behaviour_that_there_is_not_is_told(only: str, sentence: str) -> None:
    """With the nearest that there is."""
    with pytest.raises(ValueError, match=r"no behaviour .*" + sentence.replace("?", r"\?")):
        patient(client("right.py"), only=only)


def test_every_behaviour_has_its_own_id() -> None:
    """Allowances and `--only` name one by it."""
    ids = [behaviour.id for behaviour in behaviours()]
    assert len(ids) == len(set(ids))


def test_a_client_that_does_not_start_is_told() -> None:
    """No certificate is made of it."""
    with pytest.raises(WorkerError, match="before it said hello"):
        patient(client("faulty.py", "no-such-fault"), only="sends.vary")
