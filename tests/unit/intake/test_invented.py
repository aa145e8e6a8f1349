"""Loading the invented network: whole, through the services, and harmless twice."""

from dataclasses import replace

import pytest
from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.common.models import User
from torap.common.permissions import system_user
from torap.countries.invention.shape import Size, load_shape
from torap.delivery import selectors as delivery
from torap.intake.invented import invented_files, invented_load, invented_shape, write_files
from torap.ledger.proof import prove
from torap.registry import selectors as registry
from torap.registry.services import region_save
from torap.rules.known import AsKnown

SIZE = Size(projects=6, activities=6, links=12)


@pytest.fixture
def _regions(db):
    for code in load_shape(SIZE).regions:
        region_save(by=system_user(), code=code, name={"en": code})


@pytest.mark.usefixtures("_regions")
def test_everything_loaded_is_invented_and_stands_once():
    heard = []
    done = invented_load(
        by=system_user(), size=SIZE, country="kz", progress=lambda *words: heard.append(words)
    )
    assert done.refused == 0
    links = delivery.network(AsKnown(load_shape(SIZE).as_of), invented=True).links
    assert len([link for link in links if link.key.startswith("inv-link-")]) == 12
    assert done.schedules == done.schedules_new > 0
    assert {words[0] for words in heard} == {"facts", "schedules"}
    assert all(row.invented for row in registry.subject_list())
    states = delivery.milestone_states(AsKnown(load_shape(SIZE).as_of))
    assert states
    assert all(state.invented for state in states)
    again = invented_load(by=system_user(), size=SIZE, country="kz")
    assert again.schedules_new == 0
    assert len(registry.project_list(known=AsKnown(timezone.localdate()))) == 6


@pytest.mark.usefixtures("_regions")
def test_another_seed_or_shape_is_refused_and_nothing_of_it_loaded():
    small = Size(projects=2, activities=5, links=2)
    invented_load(by=system_user(), size=small, country="kz")
    head = prove().records
    for other in (replace(small, seed=2), replace(small, activities=6)):
        with pytest.raises(Conflict) as refused:
            invented_load(by=system_user(), size=other, country="kz")
        assert refused.value.code == "another_network"
    assert prove().records == head


@pytest.mark.usefixtures("_regions")
def test_only_who_may_load_facts_loads_it():
    with pytest.raises(NotAllowed):
        invented_load(by=User.objects.create(username="reader"), size=SIZE, country="kz")
    assert not registry.project_list(known=AsKnown(timezone.localdate()))


def test_a_country_without_one_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("torap.intake.invented.country_path", lambda _code: tmp_path)
    with pytest.raises(BadInput, match="no_invented_network"):
        invented_shape(SIZE, "kz")


def test_files_are_written_by_name(tmp_path):
    names = [name for name, _content in invented_files(SIZE, "kz")]
    assert write_files(tmp_path / "network", SIZE, "kz") == len(names)
    assert (tmp_path / "network" / names[0]).read_bytes().startswith(b"format: torap-facts/1")
    assert (tmp_path / "network" / names[-1]).parent.name == "schedules"


@pytest.mark.usefixtures("_regions")
def test_the_chain_is_whole_after_it():
    invented_load(by=system_user(), size=Size(projects=1, activities=5, links=1), country="kz")
    assert prove().ok
