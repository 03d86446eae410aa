"""What a fix writes, so that nothing is lost and all can be taken back: marked blocks, a journal, a lock, backups."""
