"""The formats that registers come in, a module each: `tables(raw, name)` yields what a file holds. Loaded only in the process that
reads the file, and only the one that the file needs.
"""
