"""Every page, three languages, two widths: draws, fits, is accessible in both schemes, asks nobody else."""

import json
from urllib.parse import urlencode

import pytest

from browser.conftest import AXE

# "The Aktau hub's second stage slips six months."
DELAY = [{"op": "delay", "node": "milestone:aktau_container_hub-complete", "months": 6}]
WHAT_IF = "what-if/?" + urlencode({"changes": json.dumps(DELAY)})
PAGES = [
    "",
    "map/",
    "instructions/",
    "instructions/I-2025-11-25-1/",
    "projects/",
    "projects/sarzha_ad_ports/",
    "places/",
    "places/aktau_container_hub/",
    "places/khorgos_hub/",
    "bodies/",
    "bodies/akimat_zhetysu/",
    "contradictions/",
    "sources/",
    "search/?q=Aktau",
    "figures/",
    "figures/fdi_gross_inflow/",
    "figures/investment_attracted/",
    "figures/investment_attracted/pipeline/",
    "promises/",
    "forecast/",
    "forecast/all/",
    "forecast/why/milestone/aktau_container_hub-complete/",
    "milestones/aktau_container_hub-complete/",
    "plan/aktau_container_hub/",
    "plan/sarzha_ad_ports/",
    "what-if/?node=milestone:aktau_container_hub-complete",
    WHAT_IF,
    "what-if/kept/",
    "runs/",
    "runs/compare/",
    "score/",
    "classes/",
    "classes/milestone/",
    "obstacles/",
    "law/",
    "law/P08/",
    "law/P03a/",
    "calendar/",
    "about/",
    "account/login/",
]
WIDTHS = (375, 1440)
# Measured once what answers to a width has been drawn.
OVERFLOW = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  done(document.documentElement.scrollWidth - document.documentElement.clientWidth))))"""
# What a phone would have to push sideways: boxes that scroll, and words that end before they are read.
SIDEWAYS = """() => [...document.querySelectorAll('main *')].filter((one) => {
  const box = one.getBoundingClientRect();
  if (box.width < 2 || box.height < 2 || one.closest('.vh, svg, thead, .map, .map__tools')) return false;
  return ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(one).overflowX)
    && one.scrollWidth - one.clientWidth > 1;
}).map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 60)}`)"""
# How far what stood there moved without being asked: the sum of all shifts since the page was opened.
SHIFTS = """window.moved = 0; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
}).observe({type: 'layout-shift', buffered: true})"""
STILL = 0.05
RUN_AXE = """async (only) => {
  const found = await axe.run(document, {resultTypes: ['violations'], ...(only ? {runOnly: only} : {})});
  return found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))}));
}"""


@pytest.fixture
def width():
    """Opened on a phone, then widened: one visit, both widths."""
    return WIDTHS[0]


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", PAGES)
def test_page_draws_fits_and_is_accessible(page, path, language):
    answer = page.goto(f"/{language}/{path}")
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == language
    page.evaluate(AXE.read_text())
    assert not page.evaluate(SIDEWAYS), "on a phone nothing is pushed sideways"
    # Only colours change with the scheme, and without motion at once: all rules in one, contrast in both.
    for width, schemes in zip(WIDTHS, (("light", "dark"), ("dark", "light")), strict=True):
        page.set_viewport_size({"width": width, "height": 900})
        overflow = page.evaluate(OVERFLOW)
        assert overflow <= 1, f"at {width} px the page is {overflow} px wider than the screen"
        for scheme, rules in zip(schemes, (None, ["color-contrast"]), strict=True):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            violations = page.evaluate(RUN_AXE, rules)
            words = json.dumps(violations, indent=1, ensure_ascii=False)
            assert not violations, f"{scheme} at {width} px: {words}"
    assert not page.problems
    assert not page.strangers


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["", "plan/aktau_container_hub/"])
def test_nothing_moves_while_a_page_comes(page, path):
    """In Russian, whose words are the longest; each page at the width it is opened at."""
    page.add_init_script(SHIFTS)
    page.goto(f"/ru/{path}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.evaluate("window.moved") < STILL
    assert not page.problems
