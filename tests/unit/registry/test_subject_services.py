"""Saving subjects: created once, changed with an event, refused with the field at fault."""

import datetime as dt

import pytest

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.ledger.selectors import events_of
from torap.ledger.services import verify
from torap.registry import services
from torap.registry.models import Organisation, Place, Project
from torap.registry.selectors import (
    ProjectFilters,
    managed_places,
    money_totals,
    organisation_get,
    place_get,
    place_projects,
    project_get,
    project_list,
    search,
)
from torap.rules.known import AsKnown

HUB = {"code": "hub", "name": "Hub", "type": "hub"}


def test_saving_twice_changes_and_records_nothing(country, coordinator):
    events = events_of("place:khorgos_hub")
    services.place_save(
        by=coordinator,
        code="khorgos_hub",
        name={"en": "Khorgos hub", "ru": "Хаб «Хоргос»", "kk": "«Қорғас» хабы"},
        type="hub",
        region="KZ-33",
        managing_company="khorgos_company",
        points=[{"label": "border", "lat": 44.2, "lon": 80.4, "accuracy_km": 10}],
        crossings=[{"name": "Nur Zholy", "neighbour": "CN", "mode": "road"}],
    )
    assert events_of("place:khorgos_hub") == events
    assert [event.kind for event in events] == ["place.added"]


def test_change_records_only_what_differs(country, coordinator):
    services.project_save(
        by=coordinator,
        code="dry_port",
        name="Dry port",
        type="infrastructure",
        place="khorgos_hub",
        sector="rail",
    )
    event = events_of("project:dry_port")[-1]
    assert (event.kind, event.before, event.after) == ("project.changed", {"sector": ""}, {"sector": "rail"})
    assert Project.objects.get(code="dry_port").sector == "rail"
    assert verify().ok


def test_points_are_replaced_and_recorded(country, coordinator):
    kept = {"code": "khorgos_hub", "name": "Khorgos hub", "type": "hub", "region": "KZ-33"}
    services.place_save(by=coordinator, **kept, points=[{"lat": 44, "lon": 80}])
    hub = Place.objects.get(code="khorgos_hub")
    assert [(p.lat, p.lon, p.approximate) for p in hub.points.all()] == [(44.0, 80.0, True)]
    assert [c.name_en for c in hub.crossings.all()] == ["Nur Zholy"]
    change = [row for row in events_of("place:khorgos_hub") if row.kind == "place.changed"][-1]
    assert change.before["points"][0]["lat"] == "44.2"
    assert change.after["points"][0]["lat"] == "44.0"
    assert "crossings" not in change.after


def test_who_stored_it_first_stays(country, administrator):
    services.organisation_save(by=administrator, code="ministry_trade", name="Ministry", type="ministry")
    assert Organisation.objects.get(code="ministry_trade").recorded_by == "coordinator"


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"name": ""}, "name", "english_missing"),
        ({"name": {"ru": "Хаб"}}, "name", "english_missing"),
        ({"name": {"en": "Hub", "de": "Hub"}}, "name", "unknown_language"),
        ({"name": "x" * 401}, "name_en", "invalid.max_length"),
        ({"name": "a\0b"}, "name_en", "bad_characters"),
        ({"type": "castle"}, "type", "invalid.invalid_choice"),
        ({"code": "with space"}, "code", "invalid.invalid"),
        ({"region": "KZ-00"}, "region", "unknown_reference"),
        ({"managing_company": "nobody"}, "managing_company", "unknown_reference"),
        ({"parent": "nowhere"}, "parent", "unknown_reference"),
        ({"neighbours": ["China"]}, "neighbours", "not_a_country_code"),
        ({"points": [{"lat": 91, "lon": 80}]}, "points.lat", "degrees_outside"),
        ({"points": [{"lat": "north", "lon": 80}]}, "points.lat", "not_a_number"),
        ({"points": [{"lat": float("nan"), "lon": 80}]}, "points.lat", "degrees_outside"),
        ({"points": [{"lat": 1, "lon": 80, "accuracy_km": -1}]}, "points.accuracy_km", "negative"),
        ({"points": [{"lat": 1, "lon": 80, "height": 3}]}, "points.height", "unknown_field"),
        ({"crossings": [{"name": "X", "neighbour": "cn"}]}, "crossings.neighbour", "not_a_country_code"),
    ],
)
def test_place_names_the_field_at_fault(coordinator, fields, field, code):
    with pytest.raises(BadInput) as caught:
        services.place_save(by=coordinator, **{**HUB, **fields})
    assert (caught.value.field, caught.value.code) == (field, code)
    assert not Place.objects.exists()
    assert verify().count == 0


def test_code_of_another_kind_is_a_conflict(country, coordinator):
    with pytest.raises(Conflict) as caught:
        services.place_save(by=coordinator, code="ministry_trade", name="X", type="hub")
    assert caught.value.code == "code_taken"


def test_places_may_not_nest_in_a_circle(country, coordinator):
    services.place_save(by=coordinator, code="zone", name="Zone", type="sez", parent="khorgos_hub")
    with pytest.raises(BadInput) as caught:
        services.place_save(by=coordinator, code="khorgos_hub", name="Khorgos hub", type="hub", parent="zone")
    assert (caught.value.field, caught.value.code) == ("parent", "loop")


def test_project_may_not_repeat_itself(country, coordinator):
    with pytest.raises(BadInput) as caught:
        services.project_save(
            by=coordinator, code="dry_port", name="Dry port", type="infrastructure", same_as="dry_port"
        )
    assert (caught.value.field, caught.value.code) == ("same_as", "loop")


def test_programme_members_are_any_subjects(country, coordinator):
    programme = services.programme_save(
        by=coordinator, code="hubs", name="Hubs", members=["khorgos_hub", "dry_port", "ministry_trade"]
    )
    assert sorted(programme.members.values_list("code", flat=True)) == [
        "dry_port",
        "khorgos_hub",
        "ministry_trade",
    ]
    services.programme_save(by=coordinator, code="hubs", name="Hubs")
    assert programme.members.count() == 3
    services.programme_save(by=coordinator, code="hubs", name="Hubs", members=["dry_port"])
    change = events_of("programme:hubs")[-1]
    assert change.after == {"members": ["dry_port"]}
    with pytest.raises(BadInput) as caught:
        services.programme_save(by=coordinator, code="hubs", name="Hubs", members=["ghost"])
    assert caught.value.field == "members"


def test_indicator_needs_a_unit_of_the_table(coordinator):
    with pytest.raises(BadInput) as caught:
        services.indicator_save(by=coordinator, code="fdi", name="FDI", unit="bags of gold")
    assert (caught.value.field, caught.value.code) == ("unit", "unknown_unit")
    assert services.indicator_save(
        by=coordinator, code="fdi", name="FDI", unit="bn USD", gap="2023 on"
    ).gap_en


def test_link_keeps_its_line(coordinator):
    link = services.link_save(by=coordinator, code="l", name="L", type="rail", line=[[80, 44], [81, 45.5]])
    assert link.line == [[80.0, 44.0], [81.0, 45.5]]
    with pytest.raises(BadInput):
        services.link_save(by=coordinator, code="m", name="M", type="rail", line=[[80, 44]])


def test_attribute_tolerance_is_a_share(coordinator):
    with pytest.raises(BadInput) as caught:
        services.attribute_save(by=coordinator, code="a", name="A", kind="number", tolerance=2)
    assert caught.value.field == "tolerance"


SAVES = {
    "region": lambda by: services.region_save(by=by, code="KZ-10", name="Abai"),
    "organisation": lambda by: services.organisation_save(by=by, code="o", name="O", type="other"),
    "place": lambda by: services.place_save(by=by, code="p", name="P", type="hub"),
    "link": lambda by: services.link_save(by=by, code="l", name="L", type="rail"),
    "programme": lambda by: services.programme_save(by=by, code="g", name="G"),
    "indicator": lambda by: services.indicator_save(by=by, code="i", name="I", unit="bn USD"),
    "project": lambda by: services.project_save(by=by, code="r", name="R", type="investment"),
    "attribute": lambda by: services.attribute_save(by=by, code="a", name="A", kind="number"),
    "search": lambda by: services.search_rebuild(by=by),
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES.keys())
def test_registry_is_written_by_coordinators_and_administrators_only(
    save, coordinator, administrator, verifier, auditor, nobody, member
):
    for person in (verifier, auditor, nobody, member("akimat_zhetysu"), None):
        with pytest.raises(NotAllowed):
            save(person)
    assert verify().count == 0
    save(coordinator)
    save(administrator)


def test_members_add_sources_and_only_editors_mend_them(coordinator, member):
    akim = member("akimat_zhetysu")
    services.source_add(
        by=akim, code="s", publisher="P", source_class="official", url="https://example.org/1"
    )
    with pytest.raises(NotAllowed):
        services.source_add(by=akim, code="s", publisher="Q", source_class="act", url="https://example.org/1")
    row = services.source_add(
        by=coordinator, code="s", publisher="Q", source_class="act", url="https://example.org/1"
    )
    assert row.publisher == "Q"
    assert [event.kind for event in events_of("source:s")] == ["source.added", "source.changed"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"url": ""}, "url"), ({"url": "no address"}, "url"), ({"source_class": "rumour"}, "source_class")],
)
def test_source_names_the_field_at_fault(coordinator, fields, field):
    given = {"code": "s", "publisher": "P", "source_class": "press", "url": "https://example.org", **fields}
    with pytest.raises(BadInput) as caught:
        services.source_add(by=coordinator, **given)
    assert caught.value.field == field


def test_what_is_saved_is_found_at_once(coordinator, source):
    """Nobody waits for the next load of facts to find what a form added."""
    services.place_save(by=coordinator, code="p", name={"en": "Altynkol", "ru": "Алтынколь"}, type="terminal")
    source("minutes", publisher="Chancellery")
    assert {(hit.kind, hit.code) for hit in search("алтынколь")} == {("place", "p")}
    assert {hit.code for hit in search("chancellery")} == {"minutes"}
    services.place_save(by=coordinator, code="p", name="Dostyk", type="terminal")
    assert search("алтынколь") == []
    assert {hit.code for hit in search("dostyk")} == {"p"}


# -- as it was on a day --


def test_an_earlier_day_shows_whose_a_place_was(country, coordinator, claim, django_assert_max_num_queries):
    claim(1, on=dt.date(2025, 1, 1))
    day = dt.date(2025, 6, 1)
    before, after = AsKnown(day - dt.timedelta(days=1)), AsKnown(day)
    kept = {"code": "khorgos_hub", "name": "Khorgos hub", "type": "hub", "region": "KZ-33"}
    services.place_save(by=coordinator, **kept, managing_company="ministry_trade", said=day)
    assert place_get("khorgos_hub", before).managing_company.code == "khorgos_company"
    assert place_get("khorgos_hub", after).managing_company.code == "ministry_trade"
    old, new = organisation_get("khorgos_company"), organisation_get("ministry_trade")
    for body, known, codes in (
        (old, before, ["khorgos_hub"]),
        (old, after, []),
        (new, before, []),
        (new, after, ["khorgos_hub"]),
    ):
        assert [row.code for row in managed_places(body, known)] == codes
    with django_assert_max_num_queries(1):
        managed_places(new, after)


def test_an_earlier_day_shows_where_a_project_was_and_what_it_repeats(country, coordinator, claim):
    day = dt.date(2025, 6, 1)
    before, after = AsKnown(day - dt.timedelta(days=1)), AsKnown(day)
    project = {"by": coordinator, "name": "P", "type": "infrastructure"}
    services.project_save(**project, code="twin")
    for code in ("twin", "dry_port"):
        claim(1, on=dt.date(2025, 1, 1), subject=code)
    services.project_save(**project, code="dry_port", same_as="twin", said=day)
    assert project_get("dry_port", before).place.code == "khorgos_hub"
    assert project_get("dry_port", after).place is None
    assert (project_get("dry_port", before).same_as, project_get("dry_port", after).same_as.code) == (
        None,
        "twin",
    )
    here = ProjectFilters(place="khorgos_hub")
    assert [row.code for row in project_list(here, known=before)] == ["dry_port"]
    assert project_list(here, known=after) == []
    hub = place_get("khorgos_hub")
    assert [row.code for row in place_projects(hub, before)] == ["dry_port"]
    assert place_projects(hub, after) == []
    # two projects that repeat each other are one from the day that is known
    assert {total.missing for total in money_totals(before)} == {2}
    assert {total.missing for total in money_totals(after)} == {1}
