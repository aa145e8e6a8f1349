"""The page of the working calendar: which days count, why, and since when that is known."""
