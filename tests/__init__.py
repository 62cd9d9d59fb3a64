"""The tests, as one package, so that a tier can import its own strategies and fakes by relative imports."""
