"""The look of the Ampère house."""
