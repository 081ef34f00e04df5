"""How Alembic runs a package's migrations: one version table each, one connection for all."""

from alembic import context

from palier.db.migrations import compared, included, rendered

attributes = context.config.attributes

context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
    version_table=attributes["version_table"],
    include_name=compared(attributes["tables"]),
    include_object=included(attributes["tables"]),
    render_item=rendered,
    render_as_batch=False,
    transaction_per_migration=False,
)
context.run_migrations()
