"""What is said of a fleet, as text, JSON, Markdown, a page, and metrics."""
