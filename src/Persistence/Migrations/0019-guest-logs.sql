CREATE TABLE guest_logs (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  instance_id VARCHAR(36) NOT NULL,
  name VARCHAR(64) NOT NULL,
  place VARCHAR(64) NOT NULL,
  secret LONGTEXT NULL,
  reached BIGINT NOT NULL,
  published BIGINT NOT NULL,
  parts INT NOT NULL,
  sweep_at BIGINT NULL,
  lock_owner VARCHAR(36) NULL,
  lock_shared INT NOT NULL,
  version BIGINT NOT NULL,
  deleted INT NOT NULL
) {options};
CREATE INDEX guest_logs_instance ON guest_logs (instance_id);
CREATE INDEX guest_logs_sweep ON guest_logs (sweep_at);
CREATE TABLE guest_log_parts (
  log_id VARCHAR(36) NOT NULL,
  number INT NOT NULL,
  object VARCHAR(100) NOT NULL,
  line_count INT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (log_id, number)
) {options};
CREATE INDEX guest_log_parts_created ON guest_log_parts (created);
