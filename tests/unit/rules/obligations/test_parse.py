"""Law files that break the format stop the load, and the message names file, place and repair."""

import copy

import pytest

from torap.rules.errors import BadLawFile
from torap.rules.obligations.parse import parse_procedure

GOOD = {
    "id": "T1",
    "name": "test",
    "confidence": "high",
    "editions": [
        {
            "id": "e",
            "acts": [{"key": "act", "title": "Act", "source": "S", "confidence": "high"}],
            "events": {"filed": "filed", "done": {"title": "done", "also": ["finished"]}},
            "params": {"big": {"kind": "bool", "title": "big"}},
            "steps": [
                {"step": 1, "holder": "a", "action": "do", "limit": None, "done_by": "filed"},
                {
                    "step": 2,
                    "holder": "b",
                    "action": "do",
                    "limit": {"value": 5, "unit": "wd"},
                    "trigger": {"event": "filed", "after": 1},
                    "done_by": ["done"],
                },
            ],
        }
    ],
}


def broken(change):
    data = copy.deepcopy(GOOD)
    change(data, data["editions"][0])
    return data


def test_good_file_reads():
    edition = parse_procedure(GOOD, where="T1.yaml").editions[0]
    assert [row.id for row in edition.obligations] == ["T1.1", "T1.2"]
    assert edition.obligations[1].trigger.after == "1"
    assert edition.obligations[0].limit.is_known is False


def set_step(number, **fields):
    return lambda _data, edition: edition["steps"][number].update(fields)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d, e: d.pop("name"), "missing name"),
        (lambda d, e: d.update(colour="red"), "unknown colour"),
        (lambda d, e: d.update(confidence="sure"), "high, low, medium, none"),
        (lambda d, e: d.update(editions=[]), "at least one"),
        (lambda d, e: e.update(acts=[]), "no acts"),
        (lambda d, e: e["acts"][0].pop("title"), "missing title"),
        (lambda d, e: e["params"]["big"].update(kind="size"), "kind is 'size'"),
        (lambda d, e: e["steps"][1].pop("limit"), "step 2: missing limit"),
        (set_step(1, limit={"value": 5, "unit": "weeks"}), "unit is 'weeks'"),
        (set_step(1, limit={"value": 5, "unit": "wd", "form": "about"}), "form is 'about'"),
        (set_step(1, limit={"dates": ["31-02"]}), "write MM-DD"),
        (set_step(1, trigger="gone"), "trigger event is 'gone'"),
        (set_step(1, trigger={"due_of": 1, "param": "big"}), "one of due_of and param"),
        (set_step(1, trigger={"after": 1}), "a trigger has"),
        (set_step(1, trigger={"event": "filed", "fallback": "gone"}), "trigger event is 'gone'"),
        (set_step(0, implies=["2"]), "stand above"),
        (set_step(1, trigger={"event": "filed", "after": 9}), "step named by the trigger"),
        (set_step(1, trigger={"param": "small"}), "trigger parameter"),
        (set_step(0, trigger={"event": "filed", "after": 2}), "move it above"),
        (set_step(1, done_by="gone"), "done_by is 'gone'"),
        (set_step(1, step=1), "given twice"),
        (set_step(1, act="other"), "act is 'other'"),
        (set_step(1, kind="wish"), "kind is 'wish'"),
        (set_step(1, confidence="maybe"), "confidence is 'maybe'"),
    ],
)
def test_bad_file_is_refused_with_its_place(change, words):
    with pytest.raises(BadLawFile, match=words) as caught:
        parse_procedure(broken(change), where="T1.yaml")
    assert caught.value.message.startswith("T1.yaml")
