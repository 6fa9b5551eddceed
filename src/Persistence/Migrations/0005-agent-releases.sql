CREATE TABLE agent_release (
  id INT NOT NULL PRIMARY KEY,
  version VARCHAR(255) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  size BIGINT NOT NULL
) {options};

CREATE TABLE agent_rollout (
  id INT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  version VARCHAR(255) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  size BIGINT NOT NULL,
  wave_size INT NOT NULL,
  wave INT NOT NULL,
  state VARCHAR(16) NOT NULL,
  detail VARCHAR(2000) NULL,
  started BIGINT NOT NULL,
  ended BIGINT NULL
) {options};

CREATE TABLE agent_rollout_members (
  instance_id VARCHAR(36) NOT NULL PRIMARY KEY,
  wave INT NOT NULL,
  operation_id VARCHAR(36) NOT NULL
) {options};

INSERT INTO agent_rollout (id, number, version, sha256, size, wave_size, wave, state, started) VALUES (1, 0, '', '', 0, 0, 0, 'Unknown', 0) {unless id exists};
