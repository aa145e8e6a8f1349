"""A project of two pools counts once."""

import datetime as dt
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.pipeline.merging import merged
from torap.engines.pipeline.model import Settings, Stage
from torap.engines.pipeline.simulate import simulate_pipeline
from unit.engines.pipeline.cases import BASE, SETTINGS, pipeline, project


def test_merged_takes_the_furthest_and_fills_what_it_lacks():
    early = project("a", 90.0, Stage.ANNOUNCED, pools=("n",), promised=dt.date(2028, 1, 1), place="hub")
    late = project("b", None, Stage.AGREED, identity="a", pools=("m",), finish="f")
    (row,) = merged([early, late])
    assert (row.id, row.key, row.stage, row.pools) == ("b", "a", Stage.AGREED, ("m", "n"))
    assert (row.amount.usd, row.promised, row.place, row.finish) == (90.0, dt.date(2028, 1, 1), "hub", "f")


def test_merged_prefers_the_earlier_day_at_one_stage():
    rows = [project("b", 2.0), project("a", 1.0, identity="b", since=BASE - dt.timedelta(days=1))]
    assert merged(rows)[0].amount.usd == 1.0
    assert merged(reversed(rows)) == merged(rows)


def test_merged_takes_a_row_without_a_day_last_and_fills_its_day():
    rows = [project("a", 2.0), project("b", 1.0, identity="a")]
    rows[0] = replace(rows[0], since=None)
    (found,) = merged(rows)
    assert (found.id, found.since) == ("b", BASE)
    alone = replace(rows[0], amount=None)
    further = project("c", 1.0, Stage.ANNOUNCED, identity="a", since=BASE)
    assert merged([alone, further])[0].since is None, "the day of another stage is none of this"


def test_merged_keeps_a_project_without_stage_last():
    assert merged([project("a", 1.0, None), project("b", 2.0, identity="a")])[0].id == "b"


@given(
    usd=st.lists(st.floats(1, 1e9), min_size=1, max_size=4),
    copies=st.lists(st.integers(0, 3), min_size=1, max_size=5),
    stage=st.sampled_from(list(Stage)),
)
@settings(max_examples=25, deadline=None)
def test_duplicates_never_change_what_is_realised(usd, copies, stage):
    rows = [project(f"p{i}", value, stage, pools=("national",)) for i, value in enumerate(usd)]
    twins = [
        project(
            f"twin{n}", rows[i % len(rows)].amount.value, stage, identity=rows[i % len(rows)].id, pools=("r",)
        )
        for n, i in enumerate(copies)
    ]
    few = Settings(trials=64, seed=SETTINGS.seed)
    once, twice = (simulate_pipeline(pipeline(*some), few) for some in (rows, [*rows, *twins]))
    assert np.array_equal(once.samples, twice.samples)
    assert once.named_usd == twice.named_usd
    assert sum(years.sum() for years in twice.by_pool.values()) == np.float64(
        sum(years.sum() for years in once.by_pool.values())
    ) or np.isclose(
        sum(years.sum() for years in twice.by_pool.values()),
        sum(years.sum() for years in once.by_pool.values()),
    )
