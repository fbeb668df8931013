#!/bin/sh
# The two logins (decision 004), once, when the volume is new.
set -eu
psql --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --username postgres <<'SQL'
CREATE ROLE govplatform_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE govplatform_app LOGIN PASSWORD :'app';
CREATE DATABASE govplatform OWNER govplatform_owner;
SQL
