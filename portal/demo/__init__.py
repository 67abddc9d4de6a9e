"""The demo: a first season of real totals, what came after it up to today, and work for whoever tries it."""

from portal.demo.accounts import names, password
from portal.demo.first import Loaded, load, load_extras
from portal.demo.living import is_loaded, load_living
from portal.demo.steps import is_demo

__all__ = ["Loaded", "is_demo", "is_loaded", "load", "load_extras", "load_living", "names", "password"]
