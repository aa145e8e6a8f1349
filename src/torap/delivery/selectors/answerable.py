"""What concerns a body though it executes none of it: instructions about plots it answers for.

Whoever manages a plot, or the place around it, and the akimat of its region have to know what was ordered of
it. Knowing is all: only executors answer an instruction.
"""

from __future__ import annotations

from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.whole import country_states
from torap.ledger.memo import while_unchanged
from torap.registry.selectors import place_list, subject_owners_many
from torap.rules.known import AsKnown


@while_unchanged
def instructions_of_plots(bodies: frozenset[str], known: AsKnown) -> list[InstructionState]:
    """Open instructions whose subject is a plot that one of these bodies (codes) answers for and that none of
    them executes; what is due first stands first. No query without bodies; else those of `country_states`,
    two for the plots and, where an instruction speaks of one, one for each level of places and two more."""
    if not bodies:
        return []
    plots = {row.pk for row in place_list(type="plot", known=known)}
    found = [
        state
        for state in country_states(known).instructions
        if state.control.open
        and not state.done
        and bodies.isdisjoint(one.organisation.code for one in state.executors)
        and any(subject.pk in plots for subject in state.subjects)
    ]
    spoken_of = {subject.pk: subject for state in found for subject in state.subjects if subject.pk in plots}
    owners = subject_owners_many(spoken_of.values()) if spoken_of else {}
    mine = [state for state in found if any(owners.get(one.pk, set()) & bodies for one in state.subjects)]
    return sorted(mine, key=lambda state: (state.control.due is None, state.control.due, state.code))
