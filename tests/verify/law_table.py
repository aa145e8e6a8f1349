"""The limits of the procedures, written a second time and by another hand than the law files.

Columns: procedure, step, value, unit, form, trigger event, article, confidence. `-`: no text read
gives it.
"""

ROWS = """
P01  1 - - - - - none
P01  2 - - - registered - none
P01  3 - - - - - none
P01  4 - - - request_received - none
P03a 1 - - - - 18(1) high
P03a 2 0 same_day within filed 18(5) high
P03a 3a 10 wd within filed 18(10) high
P03a 3b 10 wd within filed 18(9) high
P03a 4 1 wd within contract_signed 18(11) high
P03a 5 5 wd within copy_received 18(12) high
P03a 6 1 wd within registered 18(12) high
P03a 7 5 wd within contract_ended 18(15) high
P03b 1 0 same_day within filed 22(1) high
P03b 2a 3 wd within registered 22(2) high
P03b 2b 3 wd within registered 22(4) high
P03c 1 - - - - - high
P03c 2 - - - filed 34(2) high
P03c 3 - - - council_decided - high
P03c 4 60 cd within breach_notified 34(4) high
P03c 5 10 wd not_less_than termination_notified 34(4) high
P03d 1 60 cd within breach_found 20(2) high
P03d 2 - - - - 20(3) high
P03d 3 2 wd within terminated 20(5) high
P03f 1 30 cd within participation_decided 38(8) high
P03f 2 60 cd within zone_created 40(1) high
P03f 3 10 cd within contest_result 40(2) high
P03f 4 2 mo within company_created 38(12) high
P03f 5 20 wd within strategy_received 38(12) high
P03f 6 5 wd within comments 38(12) high
P03f 7 3 y every strategy_approved 38(12) high
P03f 8 - - - - 41(2) high
P03f 9 - - - - 39(5) high
P03g 1 - - - - 19 high
P03g 2 - - - filed 19 high
P03g 3 - - - sent_for_opinion 19 high
P04a 1 - - - - 15(1) high
P04a 2 5 wd within filed 15(2) high
P04a 3 3 wd within checked 15(2) high
P04a 4 20 wd within filed 15(2) high
P04a 5a - - - conclusion 15(4) high
P04a 5b 5 wd within conclusion 15(4) high
P04a 6 - - - decree_drafted 10 high
P04b 1 15 wd within filed 16 high
P04b 2 - - - considered 16 high
P04b 3 20 wd within preliminary_decision 16 high
P04b 4 - - - submitted_to_government 16 high
P04b iz 20 wd within filed 31(4) high
P04c 1 5 wd within filed 28 high
P04c 2 3 wd within checked 28 high
P04c 3 20 wd within filed 28 high
P04c 4a 5 wd within conclusion 28 high
P04c 4b 3 wd within conclusion 28 high
P04c 5 - - - consented 28 high
P04c 6 10 wd within land_granted 28 high
P04c 27(3) 20 wd within zone_created 27(3) high
P04d 1 - - - - 29 high
P04d 2 - - - concept_published 29 high
P04d 3 - - - council_reviewed 29 high
P04d 4 10 wd within land_granted 29 high
P04e 1 10 cd within received 30 high
P04e 2 - - - reviewed 30 high
P04e 3 20 wd within company_registered 30 high
P04g early_abolition 6 mo within early_abolition_started - high
P05a 1 - - - - 283 none
P05a 2 - - - applied 283(3) none
P05b 1 - - - - 295-2(1) high
P05b 2 20 wd within applied 295-2(1) high
P05b 3 - - - draft_prepared 295-2 high
P05b 4 3 mo not_less_than breach_notified 295-2(3) high
P05b 5 30 cd within ended 295-2(3) high
P05c 1 - - - - 292 high
P05c 2 60 wd within registered 293(1) high
P05c 3 10 wd within decided 294(2) high
P05c 4 5 wd within contract_signed 294(3) high
P05c 6 6 mo within commissioned 296-2(3) high
P05c 7 3 mo within breach_notified 296-2(5) high
P05c 8 3 mo not_less_than end_notified 295(3) high
P05c 9 2 mo within programme_finished 296-2(7) high
P05c 10 3 mo within audit_report 283-3(2) high
P05c 11 30 cd within early_end_decided 295(7) high
P06a 1 - - - filed 43 high
P06a 2 1 wd within filed 43(3) high
P06a 3 2 wd within filed 43(3) high
P06a 4 7 wd within filed 43(3) high
P06a 5 10 wd within filed 43(3) high
P06a 6 2 wd within proposal_received 43(2) high
P06a 7 1 wd within conclusion_signed 43(2) high
P06a 8 7 wd within copy_handed 43(2) high
P06a 10 1 y within conclusion_signed 43(2) high
P06a 11 1 wd within project_approved 43(7) high
P06a 12 3 wd within project_sent 43(7) high
P06a 13 5 wd within decided 43(7) high
P06a 14 10 wd within decided 43(7) high
P06a 15 4 wd within document_started 43(8) high
P06a overall 15 wd within filed 43(3) high
P06a auction 90 cd within auction_refusal 43(6-1) high
P06c 1 5 wd within filed - medium
P06c 2 10 wd within filed - medium
P06c 3 15 wd within filed - medium
P06e 1 - - - - - medium
P06e 2 - - - started - medium
P06e 3 - - - sketch_approved - medium
P06e 4 - - - designed - medium
P06e 5 - - - expertise_passed - medium
P06e 6 - - - start_notified - medium
P06e 7 - - - built - medium
P07a 1 - - - - - low
P07a 2 - - - registered - low
P07a 3 - - - slot_booked - low
P07a 4 - - - approved - low
P08b 1 0 same_day within received 64(3) high
P08b 2 - - - received 64(2) high
P08b 3 - - - received 64(6) high
P08b 4 3 wd within cure_term_over 64(7) high
P08b 5 3 wd within received 65 high
P08b 6 15 wd within received 76 medium
P08b 8 3 wd within extended 76 medium
P10  consent 15 wd within consent_withdrawn - medium
P10  breach 1 wd within breach_found - low
"""

# Steps that are counted otherwise than from an event and a value: own tests look at them.
SPECIAL = {
    ("P03a", "security"),
    ("P04g", "announce_end"),
    ("P04g", "report_end"),
    ("P05c", "5"),
    ("P06a", "9"),
    ("P08b", "7"),
}
PROCEDURE_LINE = """
P01 P01b P01c P02 P03a P03b P03c P03d P03e P03f P03g P04a P04b P04c P04d P04e P04f P04g
P05a P05b P05c P05d P06a P06b P06c P06d P06e P06f P07a P07b P07c P08 P08b P09 P10
"""
PROCEDURES = PROCEDURE_LINE.split()


def rows():
    """The table as tuples."""
    found = []
    for line in ROWS.strip().splitlines():
        pid, step, value, unit, form, event, article, confidence = line.split()
        blank = [None if cell == "-" else cell for cell in (unit, form, event, article)]
        found.append((pid, step, None if value == "-" else int(value), *blank, confidence))
    return found
