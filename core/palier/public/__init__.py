"""What anyone may read of a site: its page, its calendar. No account, no name, nothing kept."""
