"""The writing door of delivery: one function for each write, permission and ledger event included."""

from torap.delivery.services.baselines import baseline_take
from torap.delivery.services.calendar import calendar_edit_apply
from torap.delivery.services.evidence import (
    FILE_ENDINGS,
    evidence_add,
    evidence_verify,
)
from torap.delivery.services.finding import search_rows
from torap.delivery.services.instructions import (
    closing_grounds,
    instruction_close,
    instruction_event_add,
    instruction_extend,
    instruction_refuse_extension,
    instruction_request_extension,
    instruction_respond,
    instruction_save,
    issuers,
)
from torap.delivery.services.links import (
    LinkFields,
    holders_of,
    link_add,
    link_add_many,
    link_drop,
)
from torap.delivery.services.many import promise_add_many, report_add_many
from torap.delivery.services.milestones import milestone_save, promise_add, promise_correct, report_add
from torap.delivery.services.obstacles import (
    obstacle_escalate_all,
    obstacle_event_add,
    obstacle_remove,
    obstacle_save,
)
from torap.delivery.services.schedules import SCHEDULE_ENDINGS, schedule_attach

__all__ = [
    "FILE_ENDINGS",
    "LinkFields",
    "SCHEDULE_ENDINGS",
    "baseline_take",
    "calendar_edit_apply",
    "closing_grounds",
    "evidence_add",
    "evidence_verify",
    "holders_of",
    "instruction_close",
    "instruction_event_add",
    "instruction_extend",
    "instruction_refuse_extension",
    "instruction_request_extension",
    "instruction_respond",
    "instruction_save",
    "issuers",
    "link_add",
    "link_add_many",
    "link_drop",
    "milestone_save",
    "obstacle_escalate_all",
    "obstacle_event_add",
    "obstacle_remove",
    "obstacle_save",
    "promise_add",
    "promise_add_many",
    "promise_correct",
    "report_add",
    "report_add_many",
    "schedule_attach",
    "search_rows",
]
