"""The reading door of the runs: what was forecast, why, how it was tried and how it stood up."""

from torap.runs.model import (
    ORDERS,
    Breaks,
    BreaksLine,
    CalibrationBin,
    Cause,
    ClassLine,
    CurvePoint,
    ForecastFilters,
    ForecastLine,
    ForecastPage,
    Gantt,
    GanttRow,
    HolderBreaks,
    RunComparison,
    RunLine,
    ScenarioAnswer,
    ScenarioLine,
    ScoreRow,
    ScoreTable,
    Shift,
    Why,
    WhyStep,
)
from torap.runs.selectors.answers import scenario_answer
from torap.runs.selectors.breaks import breaks_next
from torap.runs.selectors.classes import class_get, class_list
from torap.runs.selectors.forecasts import forecast_list, forecast_of
from torap.runs.selectors.reasons import gantt, tornado, why
from torap.runs.selectors.runs import newest_run, run_compare, run_get, run_list
from torap.runs.selectors.scenarios import scenario_get, scenario_list
from torap.runs.selectors.score import backtest_table, score_table

__all__ = [
    "ORDERS",
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
    "RunComparison",
    "RunLine",
    "ScenarioAnswer",
    "ScenarioLine",
    "ScoreRow",
    "ScoreTable",
    "Shift",
    "Why",
    "WhyStep",
    "backtest_table",
    "breaks_next",
    "class_get",
    "class_list",
    "forecast_list",
    "forecast_of",
    "gantt",
    "newest_run",
    "run_compare",
    "run_get",
    "run_list",
    "scenario_answer",
    "scenario_get",
    "scenario_list",
    "score_table",
    "tornado",
    "why",
]
