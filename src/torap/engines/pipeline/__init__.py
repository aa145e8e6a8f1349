"""Investment by year: what projects at their stages will have spent, against the targets of the years."""
