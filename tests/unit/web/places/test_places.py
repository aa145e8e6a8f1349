"""How many places or projects are behind, counted without making their rows."""

from types import SimpleNamespace

from torap.web.places import presenters


def state(subject, code, *, invented=False):
    milestone = SimpleNamespace(subject_id=subject)
    return SimpleNamespace(milestone=milestone, invented=invented, schedule=SimpleNamespace(code=code))


STATES = [state(1, "late"), state(1, "on_first_promise"), state(2, "on_first_promise"), state(3, "late")]


def test_states_are_parted_by_what_they_are_of():
    own = presenters.by_subject(STATES)
    assert [len(own[subject]) for subject in (1, 2, 3)] == [2, 1, 1]
    assert 9 not in own


def test_only_states_of_its_own_reality_make_a_place_late():
    real, fake = SimpleNamespace(pk=1, invented=False), SimpleNamespace(pk=3, invented=True)
    assert presenters.late_count([real, SimpleNamespace(pk=9, invented=False)], STATES) == 1
    assert presenters.late_count([fake], STATES) == 0
    assert presenters.late_count([fake], [state(3, "late", invented=True)]) == 1
