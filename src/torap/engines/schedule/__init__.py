"""Activity networks: dates by the conventions of the tools people use, and their distributions."""
