"""A cloud that does not exist, as the least that a platform is: what `test_sixth.py` adds to a copy of the package."""
