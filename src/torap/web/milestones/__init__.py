"""Pages of milestones: the list of promises, and one milestone with all that was ever said of it."""
