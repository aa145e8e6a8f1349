"""Small pipelines the tests are built from."""

import datetime as dt

from torap.engines.pipeline.model import (
    Amount,
    Assumption,
    Length,
    PipelineModel,
    Profile,
    Project,
    RateClass,
    Settings,
    Stage,
)

BASE = dt.date(2026, 1, 1)
SETTINGS = Settings(trials=4000, seed=7, rates_drawn=False)
SURE = tuple(
    Assumption(stage=stage, pass_per_year=1e6) for stage in (Stage.ANNOUNCED, Stage.AGREED, Stage.COMMITTED)
)


def project(code="a", usd=100.0, stage=Stage.DISBURSED, **fields):
    """A project of 100 dollars that spends evenly over a year."""
    fields.setdefault("length", Length(median_years=1.0, profile=Profile.EVEN))
    fields.setdefault("since", BASE)
    fields.setdefault("rate_class", "all")
    amount = None if usd is None else Amount(value=usd)
    return Project(id=code, **{"amount": amount, "stage": stage, **fields})


def pipeline(*projects, **fields):
    """A model of 2026 to 2035 with one class and, unless said otherwise, rates as good as certain."""
    fields.setdefault("classes", (RateClass(code="all"),))
    fields.setdefault("assumptions", SURE)
    fields.setdefault("base", BASE)
    fields.setdefault("first_year", 2026)
    fields.setdefault("last_year", 2035)
    return PipelineModel(projects=tuple(projects), **fields)
