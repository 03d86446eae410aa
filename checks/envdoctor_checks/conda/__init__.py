"""CND: conda."""
