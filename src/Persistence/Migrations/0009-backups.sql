CREATE TABLE backups (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  description VARCHAR(2000) NULL,
  instance_id VARCHAR(36) NOT NULL,
  datastore_version_id VARCHAR(36) NOT NULL,
  parent_id VARCHAR(36) NULL,
  child_count INT NOT NULL,
  state VARCHAR(16) NOT NULL,
  place VARCHAR(64) NOT NULL,
  stored_bytes BIGINT NULL,
  dataset_bytes BIGINT NULL,
  objects LONGTEXT NULL,
  document LONGTEXT NULL,
  recipients LONGTEXT NOT NULL,
  identity LONGTEXT NULL,
  root_enabled INT NOT NULL,
  fault_message VARCHAR(2000) NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  lock_owner VARCHAR(36) NULL,
  lock_shared INT NOT NULL,
  version BIGINT NOT NULL,
  deleted INT NOT NULL
) {options};
CREATE INDEX backups_tenant ON backups (tenant_id, deleted, id);
CREATE INDEX backups_instance ON backups (instance_id, deleted, id);
CREATE INDEX backups_parent ON backups (parent_id, deleted);
ALTER TABLE instances ADD COLUMN running_backup VARCHAR(36) NULL;
ALTER TABLE operation_locks ADD COLUMN subject_kind VARCHAR(16) NOT NULL DEFAULT 'Instance';
ALTER TABLE operations ADD COLUMN subject_kind VARCHAR(16) NOT NULL DEFAULT 'Instance';
ALTER TABLE operations ADD COLUMN subject_id VARCHAR(36) NULL;
ALTER TABLE guests ADD COLUMN jobs LONGTEXT NULL;
