"""conda's installations, configuration, environments and packages."""
