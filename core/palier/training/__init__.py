"""Training: a twin of a site to learn on, that changes nothing of the live one."""
