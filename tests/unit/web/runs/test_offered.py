"""The page that compares two runs offers two that can be compared."""

from types import SimpleNamespace

from torap.web.runs.views import offered


def run(code, *, kind="forecast", invented=False, base=""):
    return SimpleNamespace(code=code, kind=kind, invented=invented, base=base)


def test_a_what_if_is_offered_beside_its_base():
    runs = [run("what-if", kind="scenario", base="first"), run("second"), run("first")]
    assert offered(runs) == ("first", "what-if")


def test_a_forecast_is_offered_beside_the_one_before_it_of_its_reality():
    assert offered([run("d"), run("c", kind="scenario", base="a"), run("b", invented=True), run("a")]) == (
        "a",
        "d",
    )
    assert offered([run("b", invented=True), run("a")]) == ("", "")
    assert offered([]) == ("", "")
