ALTER TABLE operations ADD COLUMN request_id VARCHAR(64) NULL;
ALTER TABLE operations ADD COLUMN trace_parent VARCHAR(64) NULL;
CREATE TABLE notices (
  id VARCHAR(100) NOT NULL PRIMARY KEY,
  event VARCHAR(64) NOT NULL,
  at BIGINT NOT NULL,
  instance_id VARCHAR(36) NOT NULL,
  operation_id VARCHAR(36) NULL,
  request_id VARCHAR(64) NULL,
  detail VARCHAR(2000) NULL,
  tenant_id VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  created BIGINT NOT NULL,
  datastore_version_id VARCHAR(36) NOT NULL,
  flavor_id VARCHAR(64) NOT NULL,
  memory_mb INT NOT NULL,
  volume_size INT NOT NULL,
  availability_zone VARCHAR(255) NULL,
  slave_of_id VARCHAR(36) NULL,
  lifecycle VARCHAR(16) NOT NULL
) {options};
