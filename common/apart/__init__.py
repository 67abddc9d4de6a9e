"""Strangers' files are read in a process of its own: `parent` starts it, `child` is it. The child pays for each import, so
this module imports nothing.
"""
