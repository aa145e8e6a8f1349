"""The page of search: one box for everything, in any of the three languages and alphabets."""
