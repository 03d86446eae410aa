"""How a report is shown: one module a format, each a function from a report to text."""
