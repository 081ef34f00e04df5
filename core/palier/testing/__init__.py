"""What a plugin's tests use: databases, a caretaker who speaks as the desk does, the contract."""
