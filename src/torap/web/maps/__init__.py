"""The map of the country and its data."""
