CREATE TABLE servers (
  instance_id VARCHAR(36) NOT NULL PRIMARY KEY,
  server_id VARCHAR(128) NOT NULL,
  host VARCHAR(255) NULL,
  state VARCHAR(32) NOT NULL,
  detail VARCHAR(2000) NULL,
  build INT NOT NULL,
  seen BIGINT NOT NULL,
  missing_since BIGINT NULL
) {options};

CREATE TABLE leftovers (
  kind VARCHAR(16) NOT NULL,
  subject VARCHAR(100) NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  removal VARCHAR(16) NOT NULL,
  PRIMARY KEY (kind, subject)
) {options};

CREATE TABLE volume_types (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  description VARCHAR(1000) NULL
) {options};

ALTER TABLE instances ADD COLUMN volume_type VARCHAR(255) NULL;
ALTER TABLE instances ADD COLUMN is_public INT NOT NULL DEFAULT 0;
ALTER TABLE instances ADD COLUMN allowed_cidrs VARCHAR(2000) NOT NULL DEFAULT '';
ALTER TABLE instances ADD COLUMN locality VARCHAR(32) NULL;
ALTER TABLE instances ADD COLUMN addresses LONGTEXT NULL;
