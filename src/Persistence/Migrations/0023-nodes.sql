CREATE TABLE nodes (
  program VARCHAR(32) NOT NULL,
  name VARCHAR(100) NOT NULL,
  seat VARCHAR(36) NOT NULL,
  address VARCHAR(255) NULL,
  gateway VARCHAR(255) NULL,
  version VARCHAR(255) NOT NULL,
  started BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  PRIMARY KEY (program, name)
) {options};
