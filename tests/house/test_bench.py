"""The measurements go on when a peer is not there, dies midway or says nothing more."""

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = "import sys, time; print('{}', flush=True)\n"
ANSWERS = {
    "well": READY + 'for line in sys.stdin: print(\'{"seconds": 2.0, "p80": 7.0}\', flush=True)',
    "dies": READY
    + "sys.stdin.readline(); print('{\"seconds\": 2.0}', flush=True); sys.exit('out of memory')",
    "hangs": READY + "sys.stdin.readline(); time.sleep(60)",
    "missing": "raise SystemExit('No module named peer')",
}


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    found = importlib.import_module("bench_schedule")
    monkeypatch.setattr(found, "PEER_PYTHON", Path(sys.executable))
    return found


@pytest.fixture
def peer(bench, monkeypatch, tmp_path):
    def start(name):
        program = tmp_path / f"{name}.py"
        program.write_text(ANSWERS[name])
        monkeypatch.setattr(bench, "PEER_PROGRAM", program)
        return bench.Peer(name, tmp_path / "network.json")

    return start


def rounds(bench, run):
    return bench._rounds({"peer": run, "torap": lambda trials: {"trials": trials}}, bench.QUICK)


def test_every_program_is_given_the_same_number_of_trials(bench, peer):
    well = peer("well")
    found = rounds(bench, well.run)
    well.stop()
    assert [row["trials"] for row in found["peer"]] == [row["trials"] for row in found["torap"]]
    assert (well.there, well.why, len(found["peer"])) == (True, "", bench.QUICK.rounds)


def test_a_peer_that_dies_is_told_and_the_rest_goes_on(bench, peer):
    dies = peer("dies")
    found = rounds(bench, dies.run)
    dies.stop()
    assert (dies.there, dies.why) == (True, "out of memory")
    assert (len(found["peer"]), len(found["torap"])) == (0, bench.QUICK.rounds)


def test_a_peer_that_hangs_is_ended(bench, peer, monkeypatch):
    hangs = peer("hangs")
    monkeypatch.setattr(bench, "PEER_LIMIT", 0.2)
    assert hangs.run(10) is None
    hangs.stop()
    assert hangs.why == "it ended with -9"


def test_a_peer_that_is_not_there_says_why(bench, peer, monkeypatch, tmp_path):
    missing = peer("missing")
    missing.stop()
    assert (missing.there, missing.why) == (False, "No module named peer")
    monkeypatch.setattr(bench, "PEER_PYTHON", tmp_path / "python")
    assert bench.Peer("pmcontrols", tmp_path).why == "not installed in .venv-bench"


def test_ratios_are_of_the_rounds_both_took_part_in(bench):
    assert bench._ratio([4.0, 8.0, 16.0], [2.0, 2.0]) == "3.0"
    assert bench._ratio([4.0], []) == bench._ratio([4.0], None) == "–"
