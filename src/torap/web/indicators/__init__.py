"""Pages of national figures: what was measured, what was aimed at, which years are missing."""
