"""The reading door of delivery: everything is computed as known on a day, nothing here writes."""

from torap.delivery.selectors.answerable import instructions_of_plots
from torap.delivery.selectors.around import Around, Neighbour, around, nodes_found
from torap.delivery.selectors.baselines import (
    BaselineChange,
    BaselineComparison,
    baseline_compare,
    baseline_get,
    baseline_list,
    clock_of,
)
from torap.delivery.selectors.board import (
    HolderItem,
    HolderLine,
    board_of,
    holder_board,
)
from torap.delivery.selectors.calendar import MovedClock, ProposedEdit, moved_clocks
from torap.delivery.selectors.control import Control
from torap.delivery.selectors.dated import found_by_date
from torap.delivery.selectors.evidence import EvidenceItem, SameFile, evidence_waiting
from torap.delivery.selectors.instructions import (
    InstructionState,
    Turn,
    instruction_due,
    instruction_get,
    instruction_states,
    instructions_known,
)
from torap.delivery.selectors.milestones import (
    Conflict,
    MilestoneState,
    PromiseContradiction,
    contradictions_in,
    milestone_get,
    milestone_states,
    milestones_known,
    moved_of,
)
from torap.delivery.selectors.moved import Look, Move, look, moves_between
from torap.delivery.selectors.national import figure_rows, national_progress, sections
from torap.delivery.selectors.network import (
    network,
    network_now,
    schedule_contents,
    schedule_get,
    schedule_list,
    schedule_plans,
    schedule_risks,
    schedule_texts,
    schedules_below,
)
from torap.delivery.selectors.network_model import (
    TEMPLATE,
    Attached,
    LeftOut,
    Network,
    NetworkLink,
    Node,
    Promised,
)
from torap.delivery.selectors.obstacles import ObstacleState, obstacle_get, obstacle_states, obstacles_known
from torap.delivery.selectors.situation import (
    situation,
)
from torap.delivery.selectors.situation_model import (
    ContradictionLine,
    DutyLine,
    Headline,
    Progress,
    PromiseLine,
    Ref,
    Situation,
    TurnLine,
    Value,
    YearValue,
)
from torap.delivery.selectors.size import network_larger
from torap.delivery.selectors.sources import (
    SourceSayings,
    source_sayings,
)
from torap.delivery.selectors.whole import (
    States,
    country_states,
    milestone_of,
    states_beside,
    states_named,
    subject_states,
)

__all__ = [
    "TEMPLATE",
    "Around",
    "Attached",
    "BaselineChange",
    "BaselineComparison",
    "Conflict",
    "ContradictionLine",
    "Control",
    "DutyLine",
    "EvidenceItem",
    "Headline",
    "HolderItem",
    "HolderLine",
    "InstructionState",
    "LeftOut",
    "Look",
    "MilestoneState",
    "Move",
    "MovedClock",
    "Neighbour",
    "Network",
    "NetworkLink",
    "Node",
    "ObstacleState",
    "Progress",
    "PromiseContradiction",
    "PromiseLine",
    "Promised",
    "ProposedEdit",
    "Ref",
    "SameFile",
    "Situation",
    "SourceSayings",
    "States",
    "Turn",
    "TurnLine",
    "Value",
    "YearValue",
    "around",
    "baseline_compare",
    "baseline_get",
    "baseline_list",
    "board_of",
    "clock_of",
    "contradictions_in",
    "country_states",
    "evidence_waiting",
    "figure_rows",
    "found_by_date",
    "holder_board",
    "instruction_due",
    "instruction_get",
    "instruction_states",
    "instructions_known",
    "instructions_of_plots",
    "look",
    "milestone_get",
    "milestone_states",
    "milestones_known",
    "moved_clocks",
    "moved_of",
    "moves_between",
    "national_progress",
    "network",
    "network_now",
    "nodes_found",
    "obstacle_get",
    "obstacle_states",
    "obstacles_known",
    "sections",
    "schedule_get",
    "schedule_list",
    "schedules_below",
    "schedule_plans",
    "network_larger",
    "schedule_contents",
    "schedule_texts",
    "schedule_risks",
    "situation",
    "source_sayings",
    "milestone_of",
    "states_beside",
    "states_named",
    "subject_states",
]
