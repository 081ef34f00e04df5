"""Tables, sessions and what the database itself refuses."""
