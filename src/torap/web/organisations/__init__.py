"""Pages of bodies: what each owes, what of it is late, and what waits on it."""
