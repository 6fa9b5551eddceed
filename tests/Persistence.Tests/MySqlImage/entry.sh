#!/bin/sh
# What the official image does, as far as Testcontainers counts on it: a data directory, a root with a password, the option file.
set -e
mkdir -p /var/lib/mysql /var/lib/mysql-files /var/run/mysqld
if [ ! -d /var/lib/mysql/mysql ]; then
  mysqld --no-defaults --user=root --datadir=/var/lib/mysql --initialize-insecure
fi
cat >/first.sql <<SQL
ALTER USER root@localhost IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
CREATE USER IF NOT EXISTS root@'%' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;
CREATE USER IF NOT EXISTS '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';
SQL
exec mysqld --user=root --datadir=/var/lib/mysql --socket=/var/run/mysqld/mysqld.sock --init-file=/first.sql --skip-name-resolve
