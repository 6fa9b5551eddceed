CREATE TABLE backup_schedules (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  instance_id VARCHAR(36) NULL,
  cron VARCHAR(255) NOT NULL,
  time_zone VARCHAR(64) NOT NULL,
  incremental INT NOT NULL,
  full_every INT NOT NULL,
  keep_last INT NULL,
  keep_days INT NULL,
  next_due BIGINT NULL,
  last_fired BIGINT NULL,
  last_fault VARCHAR(2000) NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  version BIGINT NOT NULL
) {options};
CREATE INDEX backup_schedules_tenant ON backup_schedules (tenant_id, id);
CREATE INDEX backup_schedules_instance ON backup_schedules (instance_id);
CREATE INDEX backup_schedules_due ON backup_schedules (next_due);

CREATE TABLE backup_schedule_runs (
  schedule_id VARCHAR(36) NOT NULL,
  instance_id VARCHAR(36) NOT NULL,
  due BIGINT NOT NULL,
  since BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  full_only INT NOT NULL,
  look_at BIGINT NOT NULL,
  backup_id VARCHAR(36) NULL,
  fault VARCHAR(2000) NULL,
  PRIMARY KEY (schedule_id, instance_id)
) {options};
CREATE INDEX backup_schedule_runs_look ON backup_schedule_runs (state, look_at);
CREATE INDEX backup_schedule_runs_instance ON backup_schedule_runs (instance_id);

ALTER TABLE backups ADD COLUMN schedule_id VARCHAR(36) NULL;
CREATE INDEX backups_schedule ON backups (schedule_id, deleted);
ALTER TABLE instances ADD COLUMN deletion_protection INT NOT NULL DEFAULT 0;
