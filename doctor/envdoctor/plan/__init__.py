"""The plan: from all findings of a report, the order in which their fixes are applied."""
