"""Templates of stages: what the country's file says, and what a broken file is told."""

import copy

import pytest

from torap.countries import load_procedure, load_stages
from torap.rules.errors import BadLawFile
from torap.rules.network.stages import parse_templates

TEXT = {"en": "a", "ru": "б", "kk": "ә"}
STAGE = {"code": "works", "name": TEXT, "holder": "akimat", "basis": "assumed", "why": TEXT}
GOOD = {"default": "plain", "templates": [{"code": "plain", "name": TEXT, "stages": [STAGE]}]}
LAW = {"procedure": "P04a", "steps": ["4"], "act": "Law", "article": "15", "confidence": "high"}
WORKING_DAYS = {"wd": 7 / 5, "cd": 1, "same_day": 0}


def with_stage(**change):
    data = copy.deepcopy(GOOD)
    data["templates"][0]["stages"][0] |= change
    return data


def test_every_kind_of_the_issue_has_a_template():
    templates = load_stages("kz")
    kinds = {
        "hub": "place:hub",
        "zone": "place:sez",
        "industrial_park": "place:industrial_park",
        "port_terminal": "place:port",
        "dry_port": "place:dry_port",
        "crossing": "place:crossing",
        "line": "link:rail",
        "factory": "project:investment",
    }
    for code, kind in kinds.items():
        assert templates.of(*kind.split(":")).code == code
    assert templates.of("link", "road").code == "line"
    assert templates.of("programme", "").code == "general"


def test_what_rests_on_law_has_the_limits_of_its_procedure():
    """The most likely duration is the sum of the limits named, working days as 7/5 calendar days; what
    runs from the same day as another counts once (P04a, P04c: the council counts from the filing)."""
    counted = {"zone_review": ["4"], "zone_review_iz": ["3", "4a"]}
    seen = set()
    for template in load_stages("kz").by_code.values():
        for stage in template.stages:
            if stage.law is None:
                assert stage.basis == "assumed"
                continue
            seen.add(stage.law.procedure)
            edition = load_procedure(stage.law.procedure, "kz").editions[-1]
            steps = {row.step: row for row in edition.obligations}
            assert set(stage.law.steps) <= set(steps), stage.law
            own = "zone_review_iz" if stage.law.procedure == "P04c" else stage.code
            limits = [steps[name].limit for name in counted.get(own, stage.law.steps)]
            days = sum(limit.value * WORKING_DAYS[limit.unit.value] for limit in limits if limit.value)
            assert stage.days.mode == round(days), stage.code
    assert seen == {"P04a", "P04c", "P06a", "P06c", "P03a", "P05c"}


def test_an_assumption_is_wide_and_says_so_in_three_languages():
    for template in load_stages("kz").by_code.values():
        for stage in template.stages:
            assert all(stage.why[language] for language in ("en", "ru", "kk"))
            if stage.days and stage.basis == "assumed":
                assert stage.days.high >= 3 * max(stage.days.low, 1)
                assert "assumed" in stage.why["en"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "no templates"),
        ({"default": "other", "templates": GOOD["templates"]}, "no template"),
        (GOOD | {"more": 1}, "unknown more"),
        ({"default": "plain", "templates": GOOD["templates"] * 2}, "stands twice"),
        (with_stage(holder="king"), "stage works: holder"),
        (with_stage(ends="party"), "stage works: ends"),
        (with_stage(basis="law"), "basis law without law"),
        (with_stage(law=LAW), "basis assumed with law"),
        (with_stage(days={"low": 3, "mode": 2, "high": 4}), "out of order"),
        (with_stage(days={"low": -1, "mode": 2, "high": 4}), "whole days"),
        (with_stage(days={"low": 1, "mode": 2}), "missing high"),
        (with_stage(after=["works"]), "'works' is not known"),
        (with_stage(name="one"), "no mapping"),
        (with_stage(more=1), "unknown more"),
        (with_stage(starts="start", ends="start"), "two places"),
    ],
)
def test_a_broken_file_is_told_where_and_how_to_mend_it(data, told):
    with pytest.raises(BadLawFile) as caught:
        parse_templates(data, where="stages.yaml")
    assert told in caught.value.message
    assert caught.value.message.startswith("stages.yaml")


def test_two_templates_for_one_kind_are_refused():
    rows = [dict(GOOD["templates"][0], code=code, applies=["place:hub"]) for code in ("a", "b")]
    with pytest.raises(BadLawFile, match="follows a already"):
        parse_templates({"default": "a", "templates": rows}, where="stages.yaml")


def test_a_lag_is_whole_days():
    row = dict(STAGE, code="later", after=[{"stage": "works", "type": "SS", "lag": "2"}])
    data = copy.deepcopy(GOOD)
    data["templates"][0]["stages"].append(row)
    with pytest.raises(BadLawFile, match="whole days"):
        parse_templates(data, where="stages.yaml")
    row["after"][0]["lag"] = 2
    (template,) = parse_templates(data, where="stages.yaml").by_code.values()
    assert template.stage("later").after[0].lag == 2
