"""The report as one static page: no scripts, nothing loaded from elsewhere, readable on paper and on a phone."""
