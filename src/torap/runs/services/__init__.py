"""The writing door of the runs: one function for each write, permission and ledger event included."""

from torap.runs.services.asking import request_stop, requests_resume, run_ask, run_stop
from torap.runs.services.executing import run_execute
from torap.runs.services.requests import run_request, runs_resume
from torap.runs.services.scenarios import scenario_change, scenario_discard, scenario_save

__all__ = [
    "request_stop",
    "requests_resume",
    "run_ask",
    "run_execute",
    "run_request",
    "run_stop",
    "runs_resume",
    "scenario_change",
    "scenario_discard",
    "scenario_save",
]
