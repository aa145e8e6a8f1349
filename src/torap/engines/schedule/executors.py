"""Who runs the blocks: threads of this process, or a Dask cluster when one is handed over.

The kernels let other threads run, so threads are all that one machine needs. Results are whole numbers
added up, so
they are the same whoever did which block.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from importlib import import_module
from typing import Any, Protocol


class Executor(Protocol):
    """Runs `work(task)` for each task and yields the answers as they come, in any order."""

    workers: int
    shared: bool  # tasks run in this process and may write into its arrays

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        """The answers. A caller who stops asking stops the work that has not begun."""
        ...


class Threads:
    """Threads of this process; `workers` 0: one for each processor."""

    shared = True

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or os.cpu_count() or 1

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        """See Executor."""
        with ThreadPoolExecutor(self.workers) as pool:
            waiting = {pool.submit(work, task) for task in tasks}
            try:
                while waiting:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            finally:
                for future in waiting:
                    future.cancel()


def shared_out(work: Callable[[range], None], count: int, runner: Executor) -> None:
    """Do `work` on 0 .. count-1, a stretch for each worker of this process: here, if they are elsewhere."""
    local = runner if runner.shared else Threads(1)
    size = max(1, -(-count // local.workers))
    stretches = [range(first, min(first + size, count)) for first in range(0, count, size)]
    if len(stretches) < 2:
        for stretch in stretches:
            work(stretch)
        return
    for _ in local.run(work, stretches):
        pass


class Dask:
    """The workers of a `distributed.Client`, which the caller makes and closes. Needs the `cluster` extra."""

    shared = False

    def __init__(self, client: Any) -> None:
        self.client = client
        self.workers = max(1, sum(client.nthreads().values()))

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        """See Executor."""
        futures = self.client.map(work, tasks, pure=False)
        try:
            for future in import_module("distributed").as_completed(futures):
                yield future.result()
        finally:
            self.client.cancel(futures)


__all__ = ["Dask", "Executor", "Threads", "shared_out"]
