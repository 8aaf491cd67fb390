#!/bin/sh
# Runs once, when the database is new: one role owns the tables, the other one uses them.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=owner_password="$OWNER_DATABASE_PASSWORD" --set=app_password="$APP_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE techforce_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE techforce_app LOGIN PASSWORD :'app_password';
ALTER DATABASE techforce OWNER TO techforce_owner;
SQL
