"""Reads of the organisation as it was on a day."""
