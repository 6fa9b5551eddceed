CREATE TABLE replica_sets (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  master_id VARCHAR(36) NOT NULL UNIQUE,
  failover VARCHAR(16) NOT NULL,
  failed_over_at BIGINT NULL,
  held VARCHAR(2000) NULL,
  version BIGINT NOT NULL
) {options};
CREATE INDEX replica_sets_failover ON replica_sets (failover, id);
ALTER TABLE guests ADD COLUMN receiving INT NOT NULL DEFAULT 1;
ALTER TABLE guests ADD COLUMN source_lost INT NOT NULL DEFAULT 0;
ALTER TABLE guests ADD COLUMN applying INT NOT NULL DEFAULT 1;
