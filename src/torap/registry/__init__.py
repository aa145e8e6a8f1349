"""Places, organisations, programmes, projects, indicators and the claims made about them."""
