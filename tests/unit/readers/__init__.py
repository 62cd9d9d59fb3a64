"""Readers: what native rules admit, told from each platform's own semantics.

They share no code with rendering, and no value of it but the native records, so that they can judge it.
A native rule that the platform would refuse is an AssertionError here.
"""
