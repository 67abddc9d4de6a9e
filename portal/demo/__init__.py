"""The demo: a first season of real totals, what came after it up to today, and work for whoever tries it."""

from portal.demo.accounts import names, password
from portal.demo.first import Loaded, load, load_extras
from portal.demo.living import load_living
from portal.demo.steps import is_demo, is_loaded, is_whole, was_cut_off
from portal.demo.tour import tour

__all__ = [
    "Loaded",
    "is_demo",
    "is_loaded",
    "is_whole",
    "load",
    "load_extras",
    "load_living",
    "names",
    "password",
    "tour",
    "was_cut_off",
]
