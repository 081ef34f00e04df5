"""PostgreSQL roles: one owns the tables, one runs the application, one sees all sites."""

from sqlalchemy import Connection, text

_ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'palier_network') THEN
    CREATE ROLE palier_network NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'palier_app') THEN
    CREATE ROLE palier_app LOGIN NOINHERIT;
  END IF;
  GRANT palier_network TO palier_app;
END $$
"""

_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO palier_app, palier_network",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO palier_app, palier_network",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO palier_app, palier_network",
)
EXTENSIONS = ("pg_trgm", "btree_gist", "btree_gin")


def make_roles(connection: Connection) -> None:
    """Create the two roles and the extensions unless there. Needs a superuser, once."""
    connection.execute(text(_ROLES))
    for name in EXTENSIONS:
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {name}"))


def grant(connection: Connection) -> None:
    """Let the application use the owner's tables; run after every migration."""
    for statement in _GRANTS:
        connection.execute(text(statement))
