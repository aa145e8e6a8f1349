"""The queue of background work, done in this process: beside the server, or by `torap jobs work`.

The table is read before a lock is asked for, so that waiting costs nobody anything. Of two workers on one
queue one takes a task; a run taken twice all the same is computed once (see `services.executing`).
"""

from __future__ import annotations

import uuid

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from torap.runs.jobs import resume_runs

QUEUE = "default"


class _Counting(Worker):
    """A worker that says how many tasks it did."""

    done = 0

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """One task, and one more done whatever became of it."""
        self.done += 1
        super().run_task(db_task_result)


def work_waiting() -> int:
    """Do what waits in the queue, runs whose worker died among it; how many tasks were done."""
    resume_runs()
    if not DBTaskResult.objects.ready().exists():
        return 0
    worker = _Counting(
        queue_names=[QUEUE],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=QUEUE,
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid.uuid4().hex,
    )
    worker.run()
    return worker.done
