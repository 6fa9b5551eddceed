CREATE TABLE gateway_watch (
  id INT NOT NULL PRIMARY KEY,
  seen BIGINT NOT NULL,
  since BIGINT NOT NULL,
  heard_after BIGINT NOT NULL
) {options};

INSERT INTO gateway_watch (id, seen, since, heard_after) VALUES (1, 0, 0, 0) {unless id exists};

CREATE TABLE upkeep_leases (
  kind VARCHAR(64) NOT NULL PRIMARY KEY,
  owner VARCHAR(64) NULL,
  lease_until BIGINT NOT NULL
) {options};

CREATE INDEX guest_commands_new ON guest_commands (answered, created, instance_id);
