CREATE TABLE control_plane (
  id INT NOT NULL PRIMARY KEY,
  deployment_id VARCHAR(36) NOT NULL,
  generation BIGINT NOT NULL,
  version BIGINT NOT NULL
) {options};

CREATE TABLE counters (
  name VARCHAR(64) NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
) {options};

CREATE TABLE datastores (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  name VARCHAR(64) NOT NULL UNIQUE,
  default_version_id VARCHAR(36) NULL
) {options};

CREATE TABLE datastore_versions (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  datastore_id VARCHAR(36) NOT NULL,
  name VARCHAR(64) NOT NULL,
  number VARCHAR(64) NOT NULL,
  image VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  active INT NOT NULL,
  UNIQUE (datastore_id, name)
) {options};

CREATE TABLE flavors (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  memory_mb INT NOT NULL,
  vcpus INT NOT NULL,
  disk_gb INT NOT NULL
) {options};

CREATE TABLE zones (
  name VARCHAR(255) NOT NULL PRIMARY KEY
) {options};

CREATE TABLE configurations (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  description VARCHAR(2000) NULL,
  datastore_version_id VARCHAR(36) NOT NULL,
  values_json LONGTEXT NOT NULL,
  instance_count INT NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  version BIGINT NOT NULL
) {options};
CREATE INDEX configurations_tenant ON configurations (tenant_id, id);

CREATE TABLE instances (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  datastore_version_id VARCHAR(36) NOT NULL,
  flavor_id VARCHAR(64) NOT NULL,
  memory_mb INT NOT NULL,
  volume_size INT NOT NULL,
  configuration_id VARCHAR(36) NULL,
  availability_zone VARCHAR(255) NULL,
  nics LONGTEXT NULL,
  slave_of_id VARCHAR(36) NULL,
  slave_count INT NOT NULL,
  lifecycle VARCHAR(16) NOT NULL,
  address VARCHAR(64) NULL,
  port INT NOT NULL,
  server_number BIGINT NOT NULL,
  binary_log VARCHAR(16) NOT NULL,
  demote_at BIGINT NULL,
  root_enabled INT NOT NULL,
  fault_message VARCHAR(2000) NULL,
  fault_at BIGINT NULL,
  fault_details LONGTEXT NULL,
  not_enforced VARCHAR(1000) NOT NULL,
  lock_owner VARCHAR(36) NULL,
  lock_shared INT NOT NULL,
  fence_counter BIGINT NOT NULL,
  version BIGINT NOT NULL,
  deleted INT NOT NULL,
  deleted_at BIGINT NULL
) {options};
CREATE INDEX instances_tenant ON instances (tenant_id, deleted, id);
CREATE INDEX instances_slave_of ON instances (slave_of_id, deleted);
CREATE INDEX instances_lock ON instances (lock_owner);

CREATE TABLE guests (
  instance_id VARCHAR(36) NOT NULL PRIMARY KEY,
  enrolment_hash VARCHAR(128) NULL,
  enrolment_key VARCHAR(128) NULL,
  certificate_serial VARCHAR(64) NULL,
  renewed_serial VARCHAR(64) NULL,
  last_seen BIGINT NOT NULL,
  server_state VARCHAR(32) NOT NULL,
  detail VARCHAR(2000) NULL,
  server_version VARCHAR(255) NULL,
  volume_total BIGINT NULL,
  volume_used BIGINT NULL,
  follows INT NOT NULL,
  replicating INT NOT NULL,
  lag_seconds DOUBLE NULL,
  read_only INT NOT NULL,
  log_on INT NOT NULL,
  known_slaves LONGTEXT NOT NULL,
  replication_error VARCHAR(2000) NULL
) {options};

CREATE TABLE guest_commands (
  id VARCHAR(100) NOT NULL PRIMARY KEY,
  instance_id VARCHAR(36) NOT NULL,
  operation_id VARCHAR(36) NULL,
  fence_generation BIGINT NULL,
  fence_counter BIGINT NULL,
  kind VARCHAR(64) NOT NULL,
  body LONGTEXT NULL,
  deadline_seconds INT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  answered INT NOT NULL,
  reply LONGTEXT NULL
) {options};
CREATE INDEX guest_commands_waiting ON guest_commands (instance_id, answered, created);
CREATE INDEX guest_commands_operation ON guest_commands (operation_id);
CREATE INDEX guest_commands_expires ON guest_commands (expires);

CREATE TABLE operations (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  kind VARCHAR(32) NOT NULL,
  workflow_version INT NOT NULL,
  instance_id VARCHAR(36) NOT NULL,
  status VARCHAR(16) NOT NULL,
  goal LONGTEXT NULL,
  state LONGTEXT NULL,
  step_index INT NOT NULL,
  step_name VARCHAR(64) NOT NULL,
  step_count INT NOT NULL,
  attempts INT NOT NULL,
  step_started BIGINT NOT NULL,
  due BIGINT NOT NULL,
  wakes BIGINT NOT NULL,
  owner VARCHAR(64) NULL,
  lease_until BIGINT NULL,
  claim BIGINT NOT NULL,
  fault VARCHAR(2000) NULL,
  superseded_by VARCHAR(36) NULL,
  created BIGINT NOT NULL,
  ended BIGINT NULL
) {options};
CREATE INDEX operations_due ON operations (status, due);
CREATE INDEX operations_instance ON operations (instance_id, created);

CREATE TABLE operation_locks (
  subject_id VARCHAR(36) NOT NULL,
  operation_id VARCHAR(36) NOT NULL,
  mode VARCHAR(8) NOT NULL,
  PRIMARY KEY (subject_id, operation_id)
) {options};
CREATE INDEX operation_locks_operation ON operation_locks (operation_id);

CREATE TABLE instance_history (
  id VARCHAR(100) NOT NULL PRIMARY KEY,
  instance_id VARCHAR(36) NOT NULL,
  at BIGINT NOT NULL,
  operation_id VARCHAR(36) NULL,
  event VARCHAR(64) NOT NULL,
  step VARCHAR(64) NULL,
  outcome VARCHAR(32) NOT NULL,
  detail VARCHAR(2000) NULL
) {options};
CREATE INDEX instance_history_instance ON instance_history (instance_id, id);

CREATE TABLE quota_usages (
  project VARCHAR(64) NOT NULL,
  resource VARCHAR(32) NOT NULL,
  in_use BIGINT NOT NULL,
  reserved BIGINT NOT NULL,
  hard_limit BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (project, resource)
) {options};

INSERT INTO counters (name, value) VALUES ('server_number', 1000) {unless name exists};
