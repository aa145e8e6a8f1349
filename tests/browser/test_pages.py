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
    "places/",
    "places/aktau_container_hub/",
    "places/khorgos_hub/",
    "bodies/",
    "contradictions/",
    "sources/",
    "search/?q=Aktau",
    "figures/",
    "figures/fdi_gross_inflow/",
    "promises/",
    "forecast/",
    "forecast/all/",
    "forecast/why/milestone/aktau_container_hub-complete/",
    "milestones/aktau_container_hub-complete/",
    "plan/aktau_container_hub/",
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
RUN_AXE = """async (only) => {
  const found = await axe.run(document, {resultTypes: ['violations'], ...(only ? {runOnly: only} : {})});
  return found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))}));
}"""


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", PAGES)
def test_page_draws_fits_and_is_accessible(page, path, language):
    answer = page.goto(f"/{language}/{path}")
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == language
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 1, f"the page is {overflow} px wider than the screen"
    assert not page.problems
    assert not page.strangers
    page.evaluate(AXE.read_text())
    violations = page.evaluate(RUN_AXE, None)
    assert not violations, json.dumps(violations, indent=1, ensure_ascii=False)
    # Only colours change with the scheme; without motion they change at once.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    violations = page.evaluate(RUN_AXE, ["color-contrast"])
    assert not violations, "dark: " + json.dumps(violations, indent=1, ensure_ascii=False)
