"""The changes most asked for, each one click away; what moves by its kind."""

from types import SimpleNamespace

from torap.web.presenters import shifts
from torap.web.scenarios import builder
from torap.web.scenarios.changes import read_changes


def test_each_preset_adds_its_change_to_those_there_are(monkeypatch):
    monkeypatch.setattr(builder, "known_link", lambda _known, _name, **query: query["changes"])
    state = builder.State(
        changes=[{"op": "delay", "node": "milestone:a", "days": 3}],
        node="milestone:b", op="delay", words="", invented=False, added=False,
    )  # fmt: skip
    rows = builder.presets(state, None)
    assert [row["words"] for row in rows][:2] == ["half a year later", "a year later"]
    address, place = rows[0]["href"].split("#")
    assert place == "changes", "where the change and its answer stand"
    changes = read_changes(address)
    assert changes[1] == {"node": "milestone:b", "op": "delay", "months": 6}
    assert len(changes) == 2


def test_what_moves_stands_by_its_kind_milestones_first():
    rows = [SimpleNamespace(words=SimpleNamespace(kind=kind)) for kind in ("plot", "milestone", "plot")]
    found = shifts.grouped(rows)
    assert [(group["name"], len(group["rows"])) for group in found] == [("Milestones", 1), ("Plots", 2)]
