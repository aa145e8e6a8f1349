"""The registry's door for writing: every function takes `by=` and leaves an event in the ledger."""

from torap.registry.services.catalogue import attribute_save, region_save, source_add
from torap.registry.services.claims import ClaimFields, claim_add, claim_add_many, claim_correct
from torap.registry.services.entries import (
    calendar_edit_add,
    money_add,
    money_add_many,
    utility_entry_add,
)
from torap.registry.services.places import link_save, organisation_save, place_save
from torap.registry.services.programmes import indicator_save, programme_save, project_save
from torap.registry.services.search import SearchRow, search_follow, search_put, search_rebuild

__all__ = [
    "ClaimFields",
    "SearchRow",
    "attribute_save",
    "calendar_edit_add",
    "claim_add",
    "claim_add_many",
    "claim_correct",
    "indicator_save",
    "link_save",
    "money_add",
    "money_add_many",
    "organisation_save",
    "place_save",
    "programme_save",
    "project_save",
    "region_save",
    "search_follow",
    "search_put",
    "search_rebuild",
    "source_add",
    "utility_entry_add",
]
