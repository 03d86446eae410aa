"""Each shell's way to say the steps of a fix: quoting happens here, and nowhere else."""
