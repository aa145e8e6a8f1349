"""Turn what selectors return into what a page shows: sentences for codes, links with the day, chart data.

Shared by all pages; nothing here reads the database.
"""
