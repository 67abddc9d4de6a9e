#!/usr/bin/env python
import sys

from common.call_stack import in_one_chunk
from common.loading import nothing_collected
from danvan.environment import use_settings

if __name__ == "__main__":
    use_settings()
    with nothing_collected():
        import django
        from django.core.management import execute_from_command_line

        django.setup()

    in_one_chunk(execute_from_command_line)(sys.argv)
