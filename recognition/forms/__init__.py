"""What the pages of recognition send: parsed and checked, a module for each subject."""
