"""Who owes each counted step, and whether a missed day is a breach: from the facts, not from the law files.

Columns: procedure, step, holder, breach, parameters that make the step apply. Breach is `yes` where the facts
give the limit with high confidence, name the day it starts from, and ask for it "within", not "after".
"""

DUTIES = """
P03a 2 managing_company yes
P03a 3a managing_company yes
P03a 3b managing_company yes
P03a 4 managing_company yes
P03a 5 ucc yes
P03a 6 ucc yes
P03a 7 managing_company yes
P03b 1 managing_company yes
P03b 2a managing_company yes
P03b 2b managing_company yes
P03c 4 managing_company no
P03d 1 managing_company yes
P03d 3 managing_company yes
P03f 1 founders yes
P03f 2 authorised_body yes
P03f 3 ucc yes
P03f 4 managing_company yes
P03f 5 authorised_body_and_ucc yes
P03f 6 managing_company yes
P04a 2 authorised_body yes
P04a 3 authorised_body yes
P04a 4 expert_council yes
P04a 5b authorised_body yes conclusion=negative
P04b 1 authorised_body yes
P04b 3 authorised_body yes
P04b iz authorised_body no zone=industrial
P04c 1 authorised_body yes
P04c 2 authorised_body yes
P04c 3 expert_council yes
P04c 4a authorised_body yes conclusion=positive
P04c 4b authorised_body yes conclusion=negative
P04c 6 akimat yes
P04c 27(3) akimat yes
P04d 4 akimat yes
P04e 1 akimat yes
P04e 3 owner yes
P05b 2 authorised_body yes
P05b 5 entity yes
P05c 2 authorised_body yes
P05c 3 authorised_body yes
P05c 4 authorised_body yes
P05c 6 authorised_body yes
P05c 7 authorised_body no
P05c 9 entity yes
P05c 10 authorised_body yes
P05c 11 entity yes
P06a 2 akimat yes
P06a 3 land_body yes package_complete=false
P06a 4 land_and_architecture_bodies yes
P06a 5 land_body no construction_outside_listed_cities=true
P06a 6 land_commission yes
P06a 7 land_commission yes
P06a 11 land_body no
P06a 12 akimat yes
P06a 13 akimat yes
P06a 14 land_body yes
P06a 15 issuer_of_document no
P06a overall akimat yes
P06a auction akimat yes
P06c 1 grid_organisation no power_kw=200
P06c 2 grid_organisation no power_kw=200.5
P06c 3 grid_organisation no power_kw=1000.1
P08b 1 state_body yes
P08b 4 state_body yes
P08b 5 state_body yes competent=false
P08b 6 state_body no
P08b 8 state_body no
P10 consent controller no
P10 breach controller no
"""


def duties():
    """The table as tuples: procedure, step, holder, breach, parameters."""
    found = []
    for line in DUTIES.strip().splitlines():
        pid, step, holder, breach, *given = line.split()
        params = dict(pair.split("=") for pair in given)
        found.append((pid, step, holder, breach == "yes", params))
    return found
