"""Pages of runs: which there are, one with all that went in, two side by side."""
