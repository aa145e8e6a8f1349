"""The law engine: obligations by edition, events, a calendar; states, dates and reasons computed, never
stored.
"""
