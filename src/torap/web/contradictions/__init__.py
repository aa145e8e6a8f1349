"""The page of contradictions: sayings that cannot all be true, side by side, each with its source."""
