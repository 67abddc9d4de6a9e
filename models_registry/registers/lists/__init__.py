"""Lists other than registers, read by the same formats: each kind tells its columns, everything else is one."""
