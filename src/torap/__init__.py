"""Torap: instructions, hubs, plots, investors and cargo as one graph with one clock and one forecast."""

__version__ = "0.1.0"
