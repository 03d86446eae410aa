"""Reports as text: one module a format, each a function from a report to text."""
