"""What no filter knows is told and left out."""

from torap.web.presenters.unknown_values import Filter, known_query, unknown_values

FILTERS = (Filter("kind", "What", {"plot": "Plot"}), Filter("body", "Body", {"akimat"}))


def test_known_and_empty_values_say_nothing():
    assert unknown_values({"kind": "plot", "body": ""}, FILTERS) == {}
    assert unknown_values({"page": "7"}, FILTERS) == {}


def test_an_unknown_value_is_told_shortened_and_left_out():
    query = {"kind": "plot", "body": "z" * 500}
    unknown = unknown_values(query, FILTERS)
    assert set(unknown) == {"body"}
    assert unknown["body"].startswith("“Body” has no “zzz")
    assert len(unknown["body"]) < 140
    assert known_query(query, unknown) == {"kind": "plot"}
