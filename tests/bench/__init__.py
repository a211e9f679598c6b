"""Benchmarks: pages over real HTTP, each in turn with the floor, and the sweep against a plain INSERT … SELECT."""
