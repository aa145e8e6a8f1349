"""Pages of projects and of the programmes they belong to."""
