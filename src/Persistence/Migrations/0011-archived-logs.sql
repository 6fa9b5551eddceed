CREATE TABLE archived_logs (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  instance_id VARCHAR(36) NOT NULL,
  previous_id VARCHAR(36) NULL,
  state VARCHAR(16) NOT NULL,
  place VARCHAR(64) NOT NULL,
  run VARCHAR(40) NULL,
  parts INT NOT NULL,
  stored_bytes BIGINT NOT NULL,
  from_place LONGTEXT NULL,
  reached_place LONGTEXT NULL,
  position LONGTEXT NULL,
  committed BIGINT NULL,
  whole_until BIGINT NULL,
  gap VARCHAR(2000) NULL,
  begun BIGINT NULL,
  ended BIGINT NULL,
  ended_because VARCHAR(2000) NULL,
  recipients LONGTEXT NOT NULL,
  identity LONGTEXT NULL,
  created BIGINT NOT NULL,
  sweep_at BIGINT NULL,
  lock_owner VARCHAR(36) NULL,
  lock_shared INT NOT NULL,
  version BIGINT NOT NULL,
  deleted INT NOT NULL
) {options};
CREATE INDEX archived_logs_instance ON archived_logs (instance_id, deleted, id);
CREATE INDEX archived_logs_state ON archived_logs (deleted, state, id);
CREATE INDEX archived_logs_sweep ON archived_logs (sweep_at);
CREATE TABLE archived_log_parts (
  log_id VARCHAR(36) NOT NULL,
  number INT NOT NULL,
  size INT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  committed BIGINT NULL,
  PRIMARY KEY (log_id, number)
) {options};
ALTER TABLE instances ADD COLUMN point_in_time INT NOT NULL DEFAULT 0;
ALTER TABLE instances ADD COLUMN running_log VARCHAR(36) NULL;
ALTER TABLE instances ADD COLUMN restored_until BIGINT NULL;
ALTER TABLE instances ADD COLUMN restored_position LONGTEXT NULL;
ALTER TABLE backups ADD COLUMN ended BIGINT NULL;
CREATE INDEX instances_point_in_time ON instances (point_in_time, deleted, id);
