"""Pages of sources: every page and paper the figures rest on, and all that rests on each."""
