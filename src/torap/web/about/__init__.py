"""The page of the method: what the statuses mean, which claim is shown first, what is not known."""
