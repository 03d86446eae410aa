"""MIR: mirrors and indexes."""
