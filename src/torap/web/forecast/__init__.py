"""Pages of forecasts: what breaks next, every forecast, the plan of a place or project."""
