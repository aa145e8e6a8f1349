"""The invented network beside a real country: its pages open, say invented, and move no real number."""

import pytest
from django.db import transaction
from django.test import Client

from flows.conftest import DAY, make_small_country
from torap.common.permissions import system_user
from torap.countries.invention.shape import Size, load_shape
from torap.delivery import selectors as delivery
from torap.intake.invented import invented_load
from torap.intake.search import search_refresh
from torap.registry.services import indicator_save, region_save
from torap.rules.known import AsKnown
from torap.runs.selectors import pipeline_view
from verify.test_invented_apart import picture

pytestmark = pytest.mark.django_db
SIZE = Size(projects=20, activities=10, links=60)
PAGES = (
    "places/inv-place-001/",
    "projects/inv-0001/",
    "milestones/inv-0001-complete/",
    "bodies/inv-ministry-001/",
    "instructions/INV-001/",
)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Everything real as it was seen before, with the invented network beside it since; loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_small_country()
        for code in load_shape(SIZE).regions:
            region_save(by=system_user(), code=code, name={"en": code})
        before = picture(AsKnown(DAY))
        invented_load(by=system_user(), size=SIZE, country="kz")
        search_refresh(by=system_user())
        yield before
        transaction.set_rollback(True)


def test_real_numbers_stay_to_the_byte(loaded):
    after = picture(AsKnown(DAY))
    for name, value in loaded.items():
        assert after[name] == value, name
    assert repr(after) == repr(loaded)


def test_every_page_of_it_opens_and_says_so(loaded):
    client = Client()
    for path in PAGES:
        page = client.get(f"/en/{path}", {"as_of": "2026-10-01"})
        assert page.status_code == 200, path
        words = page.content.decode()
        assert "invented" in words, path
        assert "Example " in words, path


def test_lists_mark_each_of_its_rows(loaded):
    page = Client().get("/en/projects/", {"as_of": "2026-10-01"}).content.decode()
    rows = [row for row in page.split("<tr") if "/projects/inv-" in row]
    assert rows
    assert all("invented" in row for row in rows)


def test_the_network_hangs_together_and_stands_apart(loaded):
    known = AsKnown(load_shape(SIZE).as_of)
    unreal = delivery.network(known, invented=True)
    real = delivery.network(known)
    said = [link for link in unreal.links if link.key.startswith("inv-link-")]
    assert len(said) == 60
    assert not any(key.startswith("milestone:inv-") for key in real.nodes)
    assert not any(link.invented for link in real.links)
    assert len(delivery.schedule_list("inv-0001-complete", known)) == 1


def test_its_pipeline_has_a_page_of_its_own_that_says_so(loaded):
    with transaction.atomic():
        indicator_save(by=system_user(), code="fdi_gross_inflow", name={"en": "Inflow"}, unit="bn USD")
        query = {"as_of": "2026-10-01", "invented": "1"}
        page = Client().get("/en/figures/fdi_gross_inflow/pipeline/", query)
        words = page.content.decode()
        rows = Client().get("/en/figures/fdi_gross_inflow/pipeline/", query | {"format": "csv"})
        transaction.set_rollback(True)
    assert page.status_code == 200
    assert 'class="tag tag--invented"' in words
    assert "Example 00" in words
    assert rows.content.decode().splitlines()[1].endswith(",true")


def test_its_own_pipeline_stands_apart(loaded):
    known = AsKnown(load_shape(SIZE).as_of)
    real, unreal = pipeline_view(known), pipeline_view(known, invented=True)
    assert not any(part.code.startswith("inv-") for part in real.below.parts)
    assert all(part.code.startswith("inv-") for part in unreal.below.parts)
    assert unreal.invented
    assert not unreal.targets
    assert max(row.n for row in unreal.below.rates) > 5
