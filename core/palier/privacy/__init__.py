"""What is kept about people: one person's export, erasure, and the register of processing."""
