"""Pages of places and of the railways and roads between them."""
