"""The parts of the screens: what they say, and what they never say."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from torap.web.templatetags import torap_ui

TODAY = date(2025, 11, 26)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def render(source, **context):
    return Template("{% load torap_ui %}" + source).render(Context(context))


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A build whose manifest names three files."""
    font = "node_modules/inter/inter-latin.woff2"
    manifest = {
        "src/app.js": {"file": "app-1a.js", "name": "app", "isEntry": True, "css": ["app-2b.css"]},
        font: {"file": "inter-latin-3c.woff2", "src": font},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setattr(torap_ui, "_DIST", tmp_path)
    torap_ui._manifest.cache_clear()
    yield
    torap_ui._manifest.cache_clear()


def test_asset_finds_the_built_file(built):
    assert render('{% asset "app.js" %} {% asset "app.css" %} {% asset "inter-latin.woff2" %}') == (
        "/static/torap/dist/app-1a.js /static/torap/dist/app-2b.css /static/torap/dist/inter-latin-3c.woff2"
    )


def test_asset_says_how_to_build_what_is_missing(tmp_path, monkeypatch, settings):
    settings.TORAP_ASSETS_OPTIONAL = False
    monkeypatch.setattr(torap_ui, "_DIST", tmp_path)
    with pytest.raises(torap_ui.AssetsNotBuilt, match="npm run build"):
        torap_ui.asset("app.js")


def test_asset_may_be_optional(tmp_path, monkeypatch, settings):
    settings.TORAP_ASSETS_OPTIONAL = True
    monkeypatch.setattr(torap_ui, "_DIST", tmp_path)
    assert torap_ui.asset("app.js") == "/static/torap/dist/app.js"


@pytest.mark.parametrize("code", list(torap_ui.STATUS_LABELS))
def test_status_has_a_shape_and_words(code):
    shown = render("{% status_mark code %}", code=code)
    assert f"#m-{code}" in shown
    assert str(torap_ui.STATUS_LABELS[code]) in shown


def test_status_alone_keeps_its_words_for_screen_readers():
    assert 'aria-label="behind first promise"' in render('{% status_mark "late" only_mark=True %}')


def test_status_unknown_to_us_is_shown_as_not_known():
    assert "not known" in render('{% status_mark "invented_code" %}')


def test_every_status_and_icon_is_in_the_sprite():
    sprite = render('{% include "torap/components/sprite.html" %}')
    for code in (*torap_ui.STATUS_LABELS, "fresh", "aging", "stale"):
        assert f'id="m-{code}"' in sprite


def test_claim_without_value_is_no_data_and_never_zero():
    shown = render("{% claim_value claim %}", claim={"value": None, "unit": "TEU"})
    assert "no data" in shown
    assert "0" not in shown


def test_claim_of_zero_is_zero():
    shown = render("{% claim_value claim %}", claim={"value": 0, "unit": "TEU"})
    assert ">0<" in shown
    assert "no data" not in shown


def test_claim_shows_qualifier_unit_and_contradictions():
    claim = SimpleNamespace(
        value=240000, unit="TEU", qualifier="about", contradictions=2, contradictions_href="/c", href="/s"
    )
    shown = render("{% claim_value claim %}", claim=claim)
    for part in ("about", "240,000", "TEU", "2 claims contradict it", 'href="/c"', 'href="/s"'):
        assert part in shown


def test_claim_interval():
    assert "25–27" in render("{% claim_value low=25 high=27 unit='bn USD' %}")


def test_kpi_without_value_is_no_data_and_says_how_many_are_missing():
    shown = render('{% kpi_card "Plots with gas" None missing=3 %}')
    assert "no data" in shown
    assert "3 values are not known and not counted" in shown


def test_source_escapes_what_others_wrote():
    shown = render("{% source_chip s %}", s={"publisher": "<b>x</b>", "date": TODAY, "url": "https://a.kz/"})
    assert "<b>" not in shown
    assert "26 Nov 2025" in shown
    assert 'rel="noopener external"' in shown


def test_card_keeps_its_content_and_escapes_its_title():
    shown = render('{% card title=title href="/all" %}<p>in</p>{% endcard %}', title="a & b")
    assert "<p>in</p>" in shown
    assert "a &amp; b" in shown


def test_chart_data_cannot_close_its_script():
    shown = render(
        '{% chart id="c" type="bars" data=data title="t" description="d" %}{% endchart %}',
        data={"rows": [{"name": "</script><b>"}]},
    )
    assert "</script><b>" not in shown
    assert 'data-chart-id="c"' in shown
    assert 'id="c-data"' in shown


CHART = '{% chart id="c" type="bars" data=data title="t" description="d" source="Run F-1" %}{% endchart %}'


def test_a_chart_can_be_saved_as_a_picture_that_knows_its_day_and_source():
    shown = render(CHART, data={"rows": []}, as_of=TODAY)
    for part in (
        'data-picture="svg" hidden',
        'data-picture="png" hidden',
        'data-day="2025-11-26"',
        'data-known="as known on 26 Nov 2025"',
        'data-source="Run F-1"',
    ):
        assert part in shown
    assert "invented" not in shown


@pytest.mark.parametrize("data", [{"rows": [{"invented": True}]}, {"invented": True}])
def test_a_chart_of_invented_figures_says_so_on_the_page_and_in_its_picture(data):
    shown = render(CHART, data=data)
    assert 'data-invented="Invented data"' in shown
    assert "tag--invented" in shown


def test_a_chart_that_comes_late_carries_its_figures_in_an_attribute():
    source = CHART.replace('source="Run F-1"', "late=True")
    shown = render(source, data={"rows": [{"name": 'a "b" <c>', "day": TODAY}]})
    assert "<script" not in shown
    assert "&quot;2025-11-26&quot;" in shown
    assert "<c>" not in shown


def test_table_has_a_name_downloads_and_a_count():
    shown = render(
        '{% data_table id="t" caption="Places" total=5 csv="/p.csv" %}<tbody></tbody>{% enddata_table %}'
    )
    for part in ('aria-label="Places"', 'href="/p.csv"', "<output data-shown>5</output> rows", 'id="t"'):
        assert part in shown


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        (date(2025, 10, 1), "fresh"),
        (date(2025, 5, 1), "aging"),
        (date(2023, 1, 1), "stale"),
        (None, "unknown"),
    ],
)
def test_freshness_by_age(newest, state):
    assert f"fresh--{state}" in render("{% freshness n t %}", n=newest, t=TODAY)


def test_explain_of_nothing_is_nothing():
    assert render("{% explain reasons %}", reasons=[]).strip() == ""


def test_explain_lists_each_reason_with_its_day_and_basis():
    reasons = [{"day": TODAY, "text": "received", "basis": "p. 163", "kind": "rule"}, {"text": "due"}]
    shown = render("{% explain reasons %}", reasons=reasons)
    for part in ("26 Nov 2025", "received", "p. 163", "2 steps", "is-rule"):
        assert part in shown


def test_pager_keeps_the_other_parameters():
    request = RequestFactory().get("/", {"q": "a b", "page": "2"})
    shown = render("{% pager page %}", page=Paginator(range(100), 10).page(2), request=request)
    assert "q=a+b&amp;page=3" in shown
    assert 'aria-current="page">2<' in shown
    assert "11–20 of 100" in shown


def test_query_takes_a_parameter_out():
    request = RequestFactory().get("/", {"as_of": "2025-03-01", "q": "x"})
    assert render("{% query as_of=None %}", request=request) == "?q=x"


def test_form_field_ties_label_help_and_error_together():
    class Site(forms.Form):
        name = forms.CharField(label="Name", help_text="As in the decree.")

    shown = render("{% form_field form.name %}", form=Site({}))
    for part in ('for="id_name"', 'id="id_name_helptext"', 'id="id_name_error"', 'aria-invalid="true"'):
        assert part in shown


def test_map_brings_names_of_neighbours_in_the_readers_language():
    with translation.override("kk"):
        shown = render('{% map_panel "/m.json" label="Карта" %}')
    assert "Қытай" in shown
    assert "torap/geo/regions-kz.geojson" in shown


def test_no_part_carries_inline_style_or_script():
    for path in (torap_ui._DIST.parents[2] / "templates" / "torap").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "onclick=" not in text, path
        assert "hx-on" not in text, path


def test_a_long_list_scrolls_in_itself():
    assert not torap_ui.is_long(range(torap_ui.LONG_LIST))
    assert torap_ui.is_long(range(torap_ui.LONG_LIST + 1))


def test_a_choice_looks_the_same_in_every_form():
    class Choice(forms.Form):
        unit = forms.ChoiceField(choices=[("d", "days")])
        place = forms.CharField()

    torap_ui.form_field(Choice()["place"])
    form = Choice()
    torap_ui.form_field(form["unit"])
    assert 'class="form-select"' in str(form["unit"])
    assert "form-select" not in str(form["place"])
