"""Pages of what-ifs: the builder beside the live picture, its answer, the scenarios people keep."""
