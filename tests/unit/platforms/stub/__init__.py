"""A cloud that does not exist, the least that a platform is: what `test_another.py` adds to a copy of the package."""
