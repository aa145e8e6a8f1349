"""`torap jobs`: the work that runs by the clock, once by hand or daily beside the server.

Every job may run twice, and in two processes at once, without doing anything twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer

from torap.cli.telling import need_tables, out, rooms, told

jobs_app = typer.Typer(help="Work that runs by the clock.", no_args_is_help=True)
DAY_SECONDS = 24 * 60 * 60
WORK_SECONDS = 2
TOLD_AGAIN = 60 * 60  # seconds after which a failure that goes on is told again
log = logging.getLogger(__name__)


@jobs_app.callback()
def _group() -> None:
    """Work that runs by the clock: `torap up` and `torap serve` run it at their start and then daily."""


@jobs_app.command("run")
@told
def run() -> None:
    """Do what has fallen due: obstacles climb the ladder, the forecast of the day is made, every known
    promise is replayed as of its day where something new was said, numbers of forms sent long ago are
    dropped.

    Running it again does nothing twice. Needed only where no server of Torap runs all day.

    Example: torap jobs run
    """
    need_tables()
    climbed, dropped, made = run_all()
    words = (
        f"Obstacles: {climbed} rungs climbed. Forms: {dropped} old numbers dropped. Forecasts: {made} made."
    )
    out.print(words, soft_wrap=True)


@jobs_app.command("work")
@told
def work(
    once: Annotated[bool, typer.Option("--once", help="Do what waits now, then end.")] = False,
) -> None:
    """Do the work that waits in the background: runs too large to be computed at once.

    `torap up` and `torap serve` do it beside the pages; this is for more workers, on this machine or another.
    Stop with Ctrl-C.

    Example: torap jobs work --once
    """
    need_tables()
    if once:
        out.print(f"{rooms().worker.work_waiting()} tasks done.")
        return
    _daily(rooms().worker.work_waiting, WORK_SECONDS, threading.Event())


def run_all() -> tuple[int, int, int]:
    """Run every job; returns how many rungs were climbed, old numbers dropped and forecasts made.

    One that fails keeps none of the others from running; what went wrong first is raised when all had their
    turn.
    """
    opened = rooms()
    failed: list[Exception] = []
    climbed = _tried(opened.jobs.escalate_obstacles, failed) or 0
    dropped = _tried(opened.once.forget_old, failed) or 0
    made = len(_tried(opened.runs_jobs.forecast_today, failed) or ())
    _tried(opened.runs_jobs.backtest_today, failed)
    if failed:
        raise failed[0]
    return climbed, dropped, made


def _tried(job: Callable[[], Any], failed: list[Exception]) -> Any:
    try:
        return job()
    except Exception as error:
        error.add_note(f"job: {getattr(job, '__name__', job)}")
        failed.append(error)
        return None


def start_working() -> tuple[threading.Thread, threading.Event]:
    """Do what waits in the queue in a thread of its own, looking every two seconds."""
    return start_daily(rooms().worker.work_waiting, seconds=WORK_SECONDS)


def start_daily(
    work: Callable[[], object] = run_all, *, seconds: float = DAY_SECONDS
) -> tuple[threading.Thread, threading.Event]:
    """Run `work` now and every day in a thread of its own, which ends with the process or when the event is
    set."""
    stop = threading.Event()
    thread = threading.Thread(target=_daily, args=(work, seconds, stop), name="torap-jobs", daemon=True)
    thread.start()
    return thread, stop


def _daily(work: Callable[[], object], seconds: float, stop: threading.Event) -> None:
    """Work that fails is told in the log, and tried again when its time comes. The same failure again and
    again is told in full once and then once an hour, so that the log can be read."""
    connections = rooms().connections
    last, told_at = "", 0.0
    while True:
        try:
            work()
        except Exception as error:
            now = f"{type(error).__name__}: {error}"
            if now != last:
                log.exception("the daily work failed")
                told_at = time.monotonic()
            elif time.monotonic() - told_at >= TOLD_AGAIN:
                log.error("the daily work still fails: %s", now)
                told_at = time.monotonic()
            last = now
        else:
            if last:
                log.info("the daily work is done again")
            last = ""
        finally:
            connections.close_all()  # of this thread; the server keeps its own
        if stop.wait(seconds):
            return
