"""What the public pages show, read through the apps below."""
