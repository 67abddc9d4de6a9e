"""What this app lets those above it hear."""

from django.dispatch import Signal

told = Signal()
"""People are to be told: `people`, `event_key`, `subject`, `body`, `link`. Messages stand above; they listen."""
