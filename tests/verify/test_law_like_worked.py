"""More cases of the kind of the worked examples, asked as an outsider would: by the words of the facts.

Days were counted by hand on the lists of rest days; no expected value comes from the engine. Each row:
what is asked, and for every step named `day state holder` or `- state` where no day may be given.
"""

import json

import pytest
from typer.testing import CliRunner

from torap.cli.main import app

CASES = """
P03a -e "date of filing=2026-04-29" --known-on 2026-04-30
  2 = 2026-04-29 overdue managing_company
  3a = 2026-05-18 running managing_company
  3b = 2026-05-18 running managing_company
  4 = 2026-05-19 not_yet_triggered managing_company
  5 = 2026-05-26 not_yet_triggered ucc
  6 = 2026-05-28 not_yet_triggered ucc
  7 = - not_yet_triggered managing_company
P03a -e application=2026-12-18 --known-on 2026-12-21
  3a = 2027-01-05 running managing_company
P03a -e filed=2024-04-26 --known-on 2024-04-26
  3a = 2024-05-15 running managing_company
P03a -e filed=2024-04-26 --known-on 2024-04-16
  3a = 2024-05-15 not_yet_triggered managing_company
P03a -e "contract signed=2026-05-06" -e "receipt of copy=2026-05-08" --known-on 2026-05-10
  4 = 2026-05-08 done_in_time managing_company
  5 = 2026-05-18 running ucc
P03a -e "end of contract=2026-05-05" --known-on 2026-05-15
  7 = 2026-05-14 overdue managing_company
P03a -e filed=2026-03-02 -e withdrawn=2026-03-10 --known-on 2026-03-20
  3a = 2026-03-17 void managing_company
  4 = - void managing_company
P03a -e filed=2026-03-02 -e paused=2026-03-05 -e resumed=2026-03-12 --known-on 2026-03-06
  3a = 2026-03-18 paused managing_company
P03a -e registered=2024-02-29 -s cost_kzt=60000000000 -s year=2025 --known-on 2025-06-01
  security = 2027-03-01 running applicant
P03b -e filed=2026-05-06 --known-on 2026-05-06
  1 = 2026-05-06 running managing_company
  2a = 2026-05-13 not_yet_triggered managing_company
P03b -e registration=2026-05-06 -e contract_signed=2026-05-14 --known-on 2026-05-20
  2a = 2026-05-13 done_late managing_company
  2b = 2026-05-13 void managing_company
P03c -e "breach=2026-03-10" --known-on 2026-05-12
  4 = 2026-05-12 running managing_company
P03d -e "breach found=2026-03-02" --known-on 2026-05-04
  1 = 2026-05-04 running managing_company
P03d -e "breach found=2026-03-02" --known-on 2026-05-05
  1 = 2026-05-04 overdue managing_company
P03d -e termination=2026-04-30 -e notified=2026-05-06 --known-on 2026-05-10
  3 = 2026-05-05 done_late managing_company
P03f -e "Government decision creating the SEZ=2026-04-21" --known-on 2026-06-01
  2 = 2026-06-22 running authorised_body
  3 = 2026-07-02 not_yet_triggered ucc
P03f -e "MC created/determined=2025-12-31" --known-on 2026-03-03
  4 = 2026-03-02 overdue managing_company
P03f -e strategy_approved=2024-02-29 --known-on 2026-01-05
  7 = 2027-03-01 running managing_company
P04a -e filing=2026-04-29 --known-on 2026-05-01
  2 = 2026-05-08 running authorised_body
  3 = 2026-05-14 not_yet_triggered authorised_body
  4 = 2026-06-02 running expert_council
P04a -e filed=2026-03-02 -e conclusion=2026-04-03 -s conclusion=negative --known-on 2026-04-06
  4 = 2026-04-03 done_in_time expert_council
  5a = - void authorised_body
  5b = 2026-04-10 running authorised_body
P04b -e filed=2026-08-24 --known-on 2026-08-25
  1 = 2026-09-14 running authorised_body
P04b -e filed=2026-02-16 --known-on 2026-03-01
  1 = 2026-03-10 running authorised_body
P04b -e filed=2026-08-24 --known-on 2026-03-01
  1 = 2026-09-15 not_yet_triggered authorised_body
P04b -e filed=2026-08-24 -s zone=iz --known-on 2026-12-01
  1 = - void authorised_body
  iz = 2026-09-21 running authorised_body
P04c -e "land plot granted=2025-12-30" --known-on 2026-01-10
  6 = 2026-01-16 running akimat
P04e -e receipt=2026-04-27 --known-on 2026-05-09
  1 = 2026-05-08 overdue akimat
P04e -e "MC registered=2026-10-23" --known-on 2026-11-01
  3 = 2026-11-23 running owner
P04g --known-on 2026-11-01
  announce_end = 2051-09-30 running akimat
  report_end = 2052-01-31 not_yet_triggered akimat
P04g -e early_abolition=2025-12-31 --known-on 2026-11-01
  error = no edition in force on 2025-12-31
P05b -e application=2026-01-01 --known-on 2026-02-01
  2 = 2026-02-02 running authorised_body
P05b -e application=2025-12-31
  error = no edition in force on 2025-12-31
P05b -e notice=2025-11-30
  error = no edition in force on 2025-11-30
P05b -e notice=2026-11-30 --known-on 2026-12-01
  4 = 2027-03-01 running government
P05b -e termination=2026-04-01 --known-on 2026-05-04
  5 = 2026-05-04 running entity
P05c -e "application registered=2026-03-02" -e decision=2026-06-05 --known-on 2026-06-10
  2 = 2026-06-04 done_late authorised_body
  3 = 2026-06-19 running authorised_body
P05c -e contract_registered=2026-01-25 --known-on 2026-01-26
  5 = 2026-07-27 running entity
P05c -e contract_registered=2026-01-24 --known-on 2026-01-25
  5 = 2026-01-26 running entity
P05c -e commissioned=2026-02-28 -e "audit report received=2026-11-30" --known-on 2026-12-02
  6 = 2026-08-28 overdue authorised_body
  10 = 2027-03-01 running authorised_body
P05c -e "decision on early end=2026-04-10" --known-on 2026-05-11
  11 = 2026-05-12 running entity
P06a -e "receipt of application=2026-03-19" --known-on 2026-03-20
  2 = 2026-03-20 running akimat
  3 = 2026-03-26 running land_body
  4 = 2026-04-02 running land_and_architecture_bodies
  overall = 2026-04-14 running akimat
P06a -e filed=2026-05-05 -e paused=2026-05-12 -e resumed=2026-05-22 --known-on 2026-06-01
  4 = 2026-05-18 overdue land_and_architecture_bodies
  overall = 2026-06-10 running akimat
P06a -e copy_handed=2026-04-28 -s conclusion=negative --known-on 2026-05-14
  8 = 2026-05-12 void applicant
  9 = 2026-05-15 running akimat
P06a -e "appeal time over=2026-05-13" -s conclusion=negative --known-on 2026-05-14
  9 = 2026-05-18 running akimat
P06a -e "approved project=2026-05-06" -e decision=2026-05-13 --known-on 2026-05-20
  12 = 2026-05-13 done_in_time akimat
  13 = 2026-05-20 running akimat
  14 = 2026-05-28 running land_body
P06a -e auction_refusal=2026-02-02 --known-on 2026-05-03
  auction = 2026-05-04 running akimat
P06c -e application=2026-04-30 -s power_kw=750 --known-on 2026-05-05
  1 = - void grid_organisation
  2 = 2026-05-19 running grid_organisation
  3 = - void grid_organisation
P06c -e application=2026-04-30 -s power_kw=0 --known-on 2026-05-13
  1 = 2026-05-12 running grid_organisation
P07a -e registration=2026-03-02
  1 = - done carrier
  2 = - running carrier
P08b -e receipt=2026-05-08T18:30 --known-on 2026-05-12
  1 = 2026-05-12 running state_body
  6 = 2026-06-03 running state_body
P08b -e receipt=2026-05-09 --known-on 2026-05-12
  6 = 2026-06-03 running state_body
P08b -e receipt=2026-05-08 --known-on 2026-06-03
  6 = 2026-06-02 running state_body
P08b -e receipt=2026-03-02 -e extension=2026-03-20 -s extended_to=2026-05-22 --known-on 2026-03-23
  6 = 2026-05-22 extended state_body
  8 = 2026-03-30 running state_body
P10 -e "consent withdrawn=2026-04-30" -e breach=2026-05-06 --known-on 2026-05-08
  consent = 2026-05-26 running controller
  breach = 2026-05-08 running controller
P10 -e consent_withdrawn=2026-03-26
  consent = - void controller
P08 -e receipt=2026-04-30 -s type=very_urgent -s co_executors=true --known-on 2026-05-05
  lead = 2026-05-06 running lead_body
  co_executors = 2026-05-04 overdue co_executors
P08 -e receipt=2026-03-19 -s "type=speed up" -s co_executors=true --known-on 2026-04-06
  lead = 2026-04-07 running lead_body
  co_executors = 2026-04-02 overdue co_executors
P08 -e received=2026-04-30 -s issuer=president --known-on 2026-05-01
  lead = 2026-05-19 running lead_body
P08 -e received=2026-01-31 -s issuer=deputies --known-on 2026-03-01
  lead = 2026-03-02 running lead_body
P08 -e received=2026-03-31 -s issuer=prime_minister --known-on 2026-04-30
  lead = 2026-04-30 running lead_body
P08 -e received=2024-01-31 -s issuer=head_of_office --known-on 2024-02-29
  lead = 2024-02-29 running lead_body
P08 -e signed=2026-04-24 -s issuer=pm -s kind=operational --known-on 2026-05-01
  lead = 2026-05-08 running lead_body
P08 -e received=2026-04-28 -s kind=complaint --known-on 2026-05-01
  lead = 2026-06-01 running lead_body
P08 -e received=2026-04-28 -s kind=citizen_request --known-on 2026-05-01
  lead = 2026-05-22 running lead_body
P08 -e received=2026-04-28 -s kind=deputy_request --known-on 2026-05-01
  lead = 2026-05-15 running lead_body
P08 -e announcement=2026-08-31 -s kind=deputy_request_to_leadership --known-on 2026-09-01
  lead = 2026-09-30 running lead_body
P08 -e received=2026-03-02 -s deadline=2026-03-27 -s co_executors=true --known-on 2026-03-20
  lead = 2026-03-27 running lead_body
  co_executors = 2026-03-19 overdue co_executors
P08 -e received=2026-03-02 -s deadline=2026-03-30 -s co_executors=true --known-on 2026-03-18
  co_executors = 2026-03-18 running co_executors
P08 -e received=2026-03-02 -s deadline=2026-06-01 -s co_executors=true --known-on 2026-03-18
  co_executors = 2026-05-15 running co_executors
P08 -e received=2026-03-02 -s deadline=2026-10-05 -s co_executors=true --known-on 2026-03-18
  co_executors = 2026-09-07 running co_executors
P08 -e receipt=2026-03-02 -s by=2026-05-09 -e extended=2026-05-08 -s new_date=2026-06-06 --known-on 2026-05-20
  lead = 2026-06-08 extended lead_body
P08 -e receipt=2026-03-02 -s by=2026-05-08 -e extended=2026-05-12 -s new_date=2026-06-05 --known-on 2026-05-20
  lead = 2026-05-08 overdue lead_body
P08 -e received=2026-03-02 -s reporting=quarterly --known-on 2026-04-01
  report_quarterly = 2026-04-20 running lead_body
P08 -e received=2026-08-01 -s reporting=half_year --known-on 2026-09-01
  report_half_year = 2027-01-20 running lead_body
P08 -e "receipt of minutes=2026-03-10" -s kind=minutes -s deadline=2026-03-13 --known-on 2026-03-11
  report = 2026-03-11 running lead_body
P08 -e received=2026-03-02 -e closed=2026-03-20 -s deadline=2026-03-27 -s ground=executed
  lead = 2026-03-27 done_in_time lead_body
P08 -e received=2022-12-30 -s type=urgent
  error = no edition in force on 2022-12-30
"""
FINDINGS = """
P01 -s cost=589800000 -s year=2025 | pool=regional
P01 -s cost=589800001 -s year=2025 | pool=national
P01 -s cost=648750000 -s year=2026 | pool=regional pool_threshold_kzt=648750000
P01 -s cost=648750000.01 -s year=2026 | pool=national
P01 -s cost=600000000 -s year=2024 | pool=None pool_threshold_kzt=None
P01 -e registration=2024-12-02 -s cost=1 -s contract=yes | pool=None
P01 -s cost=600000000 -s year=2027 | pool=None
P03a -s cost_kzt=58980000000 -s year=2025 | security_term_years=2 security_at_filing_kzt=5898000000
P03a -s cost_kzt=58980000001 -s year=2025 | security_term_years=3
P03a -s cost_kzt=64875000001 -s year=2026 | security_term_years=3
P03a -s cost_kzt=1 -s year=2024 | security_term_years=None
P03a -s cost_kzt=1000 -s eaeu_border=true -s year=2026 | security_at_filing_kzt=0
P03c -s business_members=5 -s council_members=10 | council_business_share=met
P03c -s business_members=4 -s council_members=9 | council_business_share=not_met
P03e -s auxiliary_area_ha=50 -s total_area_ha=100 | auxiliary_area_share=met
P03e -s auxiliary_area_ha=50.01 -s total_area_ha=100 | auxiliary_area_share=not_met
P03f -s state_share_pct=26 | state_share_cap=met
P03f -s state_share_pct=26.1 | state_share_cap=not_met
P04g -s year=2031 | target:jobs=2800 target:investment_total_bn_kzt=140 target:local_content_pct=68
P05a -s kind=tourism -s cost_kzt=865000000 -s year=2026 | eligibility=eligible
P05a -s kind=tourism -s cost_kzt=864999999 -s year=2026 | eligibility=not_eligible
P05a -s kind=food -s cost_kzt=4325000000 -s year=2026 | eligibility=eligible
P05a -s kind=light -s cost_kzt=4324999999 -s year=2026 | eligibility=not_eligible
P05a -s kind=expansion_or_renewal -s cost_kzt=21625000000 -s year=2026 | eligibility=eligible
P05a -s kind=expansion -s cost_kzt=21624999999 -s year=2026 | eligibility=not_eligible
P05a -s kind=hotel -s cost_kzt=4325000000 -s year=2026 | eligibility=conditional
P05a -s kind=new_production -s cost_kzt=8650000000 -s year=2027 | eligibility=None
P05a -s kind=new -s cost=9000000000 -s state_share=26.5 -s year=2026 | eligibility=not_eligible
P05a -s kind=new -s cost=9000000000 -s state_share=50 -s machinery=1 -s year=2026 | eligibility=eligible
P05b -s cost=324375000000 -s first_4_years_kzt=162187500000 -s year=2026 | eligibility=eligible
P05b -s cost=324375000000 -s first_4_years_kzt=162187499999 -s year=2026 | eligibility=not_eligible
P05b -s cost=324374999999 -s year=2026 | eligibility=not_eligible training_spend_per_year_kzt=86500000
P05c -s fixed_investment_kzt=1000000000 -s cost_kzt=1 | error
P05c -s fixed_investment_kzt=1000000000 | grant_cap_kzt=300000000
P06e -s date=2026-06-30 | act=Law~2001-07-16~No.~242 permitting_rules=Rules~2015-11-30~No.~750
P06e -s date=2026-07-01 | act=Construction~Code~253-VIII permitting_rules=Rules~2015-11-30~No.~750
P06e -s date=2026-08-04 | permitting_rules=Rules~of~2026-05-29
P07a -s year=2025 | deposit_kzt=78640
P07a -s year=2026 | deposit_kzt=86500
P07a -s year=2024 | deposit_kzt=None
P08 -e received=2026-03-02 -s deadline=2026-03-05 | control=VERY_URGENT term_working_days=3
P08 -e received=2026-03-02 -s deadline=2026-03-17 | control=URGENT term_working_days=10
P08 -e received=2026-03-02 -s deadline=2026-03-18 | control=SHORT term_working_days=11
P08 -e received=2026-03-02 -s deadline=2026-04-02 | control=SHORT
P08 -e received=2026-03-02 -s deadline=2026-04-03 | control=MEDIUM
P08 -e received=2026-03-02 -s deadline=2026-09-02 | control=MEDIUM
P08 -e received=2026-03-02 -s deadline=2026-09-03 | control=LONG
P08 -e received=2026-03-02 -s deadline=2026-03-03 -s issuer=dpm | minimum_term=not_allowed
P08 -e received=2026-03-02 -s deadline=2026-03-03 -s issuer=state_counsellor | minimum_term=allowed
P08 -e received=2026-03-02 -s type=medium | control=MEDIUM deadline_range=2026-04-02..2026-09-02
P08 -e received=2026-03-02 -s type=urgent -s to_president=true | silent_co_executor=not_agreed_by_silence
P08 -e received=2026-03-02 -s type=urgent -s subject=digital_system | closes_by_fact=True
P08 -s issuer=pm | may_be_closed_by=deputy_prime_minister_or_head_of_office_in_charge
P08 -e received=2026-03-02 -s issuer=president | may_be_closed_by=presidential_administration
P08 -e received=2026-03-02 -s issuer=minister -s type=urgent | may_be_closed_by=official_who_gave_it
P09 -s year=2026 --known-on 2026-03-17 | working_days_in_year=246
P09 -s year=2026 --known-on 2026-03-18 | working_days_in_year=247
P09 -s year=2025 | working_days_in_year=246
P09 -s from=2026-01-31 -s months=1 | date=2026-03-02
P09 -s from=2024-02-29 -s years=1 -s roll_rule=none | date=2025-02-28
P09 -s from=2025-12-31 -s to=2026-01-31 | working_days_between=19
"""


def ask(text):
    words, quoted = [], False
    for part in text.split('"'):
        words += [part] if quoted else part.split()
        quoted = not quoted
    result = CliRunner().invoke(app, ["law", "explain", *words, "--format", "json"])
    return (json.loads(result.stdout), "") if result.exit_code == 0 else (None, result.stderr)


def cases():
    found, asked = [], ""
    for line in CASES.strip().splitlines():
        if not line.startswith("  "):
            asked = line
            continue
        step, told = line.strip().split(" = ")
        found.append((asked, step, told))
    return found


@pytest.mark.parametrize(("asked", "step", "told"), cases(), ids=[f"{a[:60]} {s}" for a, s, _t in cases()])
def test_case_by_the_words_of_the_facts(asked, step, told):
    answer, error = ask(asked)
    if step == "error":
        assert told in error
        return
    row = next(row for row in answer["obligations"] if row["step"] == step)
    day, state, holder = told.split()
    assert (row["due"] or "-", row["state"], row["holder"]) == (day, state, holder)


@pytest.mark.parametrize("line", FINDINGS.strip().splitlines())
def test_decision_by_the_words_of_the_facts(line):
    asked, told = line.split(" | ")
    answer, error = ask(asked)
    if told == "error":
        assert "given twice" in error
        return
    found = {row["code"]: row["value"] for row in answer["findings"]}
    for pair in told.split():
        code, value = pair.split("=")
        given = found[code]
        given = "..".join(given) if isinstance(given, list) else given
        assert str(given) == value.replace("~", " "), code
