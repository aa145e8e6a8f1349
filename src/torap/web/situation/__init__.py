"""The first page: which promises will break, and whose turn it is."""
