"""Pages of obstacles: what blocks what, who must remove it, and how high it has been taken."""
