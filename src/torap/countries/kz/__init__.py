"""Kazakhstan: calendar edits, law, organisations, regions, facts with their sources."""
