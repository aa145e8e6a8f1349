"""Runs: frozen input, seed, engine version, result; forecasts, scenarios and their score."""
