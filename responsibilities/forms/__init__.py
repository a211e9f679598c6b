"""Parsing of input, one module per noun."""
