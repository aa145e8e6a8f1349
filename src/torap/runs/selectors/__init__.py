"""The reading door of the runs: what was forecast, why, how it was tried and how it stood up."""

from torap.runs.adapters.compute import ENGINE
from torap.runs.model import (
    ORDERS,
    SHARES,
    SMALL_NODES,
    UNTOLD,
    Breaks,
    BreaksLine,
    Cause,
    ClassLine,
    CurvePoint,
    ForecastFilters,
    ForecastLine,
    ForecastPage,
    HolderBreaks,
    RunComparison,
    RunLine,
    ScenarioAnswer,
    ScenarioLine,
    Shift,
    TargetLine,
    TargetPart,
    TargetShift,
    Why,
    WhyStep,
)
from torap.runs.model_asked import RequestLine
from torap.runs.model_plan import Gantt, GanttRow
from torap.runs.model_score import FEW, CalibrationBin, NetworkScore, ScoreRow, ScoreTable
from torap.runs.replay_network import TRIALS as REPLAY_TRIALS
from torap.runs.selectors.answers import scenario_answer
from torap.runs.selectors.asked import request_get, requests_open
from torap.runs.selectors.beside import forecasts_beside, forecasts_of_places
from torap.runs.selectors.breaks import breaks_next
from torap.runs.selectors.classes import class_get, class_list
from torap.runs.selectors.compare import run_compare
from torap.runs.selectors.forecasts import forecast_list, forecast_of
from torap.runs.selectors.near import causes_at_hand
from torap.runs.selectors.pipeline import (
    Above,
    Below,
    Chance,
    Part,
    PassRate,
    PipelineView,
    Span,
    pipeline_codes,
    pipeline_view,
)
from torap.runs.selectors.reasons import gantt, why
from torap.runs.selectors.runs import coming_run, newest_run, run_get, run_input, run_list, run_made
from torap.runs.selectors.scenarios import scenario_get, scenario_list
from torap.runs.selectors.score import backtest_table, score_table
from torap.runs.selectors.spread import Bin, Spread, spread
from torap.runs.selectors.targets import target_list, target_shifts_since

__all__ = [
    "RequestLine",
    "request_get",
    "requests_open",
    "ENGINE",
    "FEW",
    "Above",
    "Below",
    "Chance",
    "Part",
    "PassRate",
    "PipelineView",
    "Span",
    "pipeline_codes",
    "pipeline_view",
    "UNTOLD",
    "ORDERS",
    "REPLAY_TRIALS",
    "SHARES",
    "SMALL_NODES",
    "Breaks",
    "BreaksLine",
    "CalibrationBin",
    "Cause",
    "ClassLine",
    "CurvePoint",
    "ForecastFilters",
    "ForecastLine",
    "ForecastPage",
    "Gantt",
    "GanttRow",
    "HolderBreaks",
    "NetworkScore",
    "RunComparison",
    "RunLine",
    "ScenarioAnswer",
    "ScenarioLine",
    "ScoreRow",
    "ScoreTable",
    "Shift",
    "TargetLine",
    "TargetPart",
    "TargetShift",
    "Why",
    "WhyStep",
    "backtest_table",
    "breaks_next",
    "causes_at_hand",
    "class_get",
    "class_list",
    "coming_run",
    "forecast_list",
    "forecast_of",
    "gantt",
    "newest_run",
    "run_compare",
    "run_get",
    "run_input",
    "run_list",
    "run_made",
    "scenario_answer",
    "scenario_get",
    "scenario_list",
    "score_table",
    "Bin",
    "forecasts_beside",
    "forecasts_of_places",
    "Spread",
    "spread",
    "target_list",
    "target_shifts_since",
    "why",
]
