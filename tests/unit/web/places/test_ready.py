"""Whose networks a plot waits for: its own, or those of the place around it."""

from types import SimpleNamespace

from django.utils.translation import override

from torap.web.places import ready


def network(subject, basis="class"):
    return SimpleNamespace(subject=subject, due=None, basis=basis)


def test_networks_of_the_place_around_a_plot_are_told_as_such():
    plot = SimpleNamespace(name="Plot 1", subject="plot-1")
    with override("en"):
        around = ready.plot_words(plot, [network("terminal"), network("terminal", "done")])
        own = ready.plot_words(plot, [network("plot-1")])
        none = ready.plot_words(plot, [])
    assert around["evidenced"] == "1 of 2 networks of the place around it"
    assert own["evidenced"] == "0 of 1 networks"
    assert none["evidenced"] == ""
