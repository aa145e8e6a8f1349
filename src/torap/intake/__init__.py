"""Facts files read, checked, compared and loaded."""
