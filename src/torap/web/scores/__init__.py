"""Pages of how forecasts stood up, and of the reference classes they rest on."""
