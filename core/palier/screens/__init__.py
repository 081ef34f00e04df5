"""What a declared screen becomes: list, record, form, exports, JSON."""
