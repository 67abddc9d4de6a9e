#!/usr/bin/env python
import sys

from danvan.environment import use_settings

if __name__ == "__main__":
    use_settings()
    from django.core.management import execute_from_command_line

    from common.call_stack import in_one_chunk

    in_one_chunk(execute_from_command_line)(sys.argv)
