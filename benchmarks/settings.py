"""The house's settings, with the bare view beside its own addresses."""

from danvan.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
